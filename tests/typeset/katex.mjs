// Reads a JSON list of [name, formula], and tells which of them KaTeX does not accept.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const katex = createRequire(`${process.argv[2]}/package.json`)("katex");
let wrong = 0;
for (const [name, formula] of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    katex.renderToString(formula, { displayMode: true, strict: "error", throwOnError: true });
  } catch (error) {
    wrong += 1;
    console.log(`${name}: ${error.message.slice(0, 200)}`);
  }
}
process.exit(wrong ? 1 : 0);
