// What the libraries of podpose need to read a manifest: parse its documents, with the positions of their lines, and
// check each against the schema of its kind. Bundled for bench/floor.cjs.
import { LineCounter, parseAllDocuments } from 'yaml';
import { Pod } from '../src/manifest/schema/generated/validators.js';

/** Reads a manifest of pods. Throws if it is invalid. */
export function read(text: string): void {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter, uniqueKeys: false });
  for (const document of documents) {
    if (!Pod(document.toJS())) throw new Error(JSON.stringify(Pod.errors));
  }
}
