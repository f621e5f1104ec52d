export { ruleOf } from '../../src/base/diagnostic-code.ts';
