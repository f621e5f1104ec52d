/**
 * What is loaded only when it is needed: all that reads manifests, and verbs that take much else along. As one file, since
 * each file more takes node another millisecond to load.
 */
export { checkSources } from './check-sources.ts';
export { diff } from './verbs/diff.ts';
export { explain } from './verbs/explain.ts';
export { ps } from './verbs/ps.ts';
