// Validates many workbooks with Microsoft's Open XML SDK in one process:
//   node validate_many.mjs PATH/TO/@ooxml-tools/validate/dist/npm/index.js BOOK...
// prints one line of JSON a book: [path, [error, ...]].
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [library, ...books] = process.argv.slice(2);
const { default: validate } = await import(pathToFileURL(library).href);
for (const book of books) {
  let errors;
  try {
    errors = await validate(new Uint8Array(await readFile(book)), "xlsx", "Microsoft365");
  } catch (error) {
    errors = [{ id: "crash", description: String(error.message ?? error).split("\n")[0], path: { partUri: "" } }];
  }
  console.log(JSON.stringify([book, errors]));
}
process.exit(0);
