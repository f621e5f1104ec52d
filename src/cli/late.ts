/**
 * What is loaded only when it is needed: all that reads manifests, and verbs that take much else along. As one file, since
 * each file more takes node another millisecond to load.
 */
export { checkSources } from '../engine/check-sources.ts';
export { diff } from './commands/diff.ts';
export { explain } from './commands/explain.ts';
export { ps } from './commands/ps.ts';
