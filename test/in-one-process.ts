/**
 * Runs test files in this one process, one after the other: node's own runner starts a process for each, which for these
 * takes ten times as long as the tests themselves. Not for tests that end processes or change their own.
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

for (const file of process.argv.slice(2)) await import(pathToFileURL(resolve(file)).href);
