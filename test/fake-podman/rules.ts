import type { Rule } from './model.ts';

/**
 * The rules that apply to a command.
 * @param counts the number of commands that each rule has matched so far; this command is added
 */
export function rulesFor(
  rules: readonly Rule[],
  counts: number[],
  argv: readonly string[],
  isMutating: boolean,
  by: Rule['by'] = 'command',
): readonly Rule[] {
  const line = argv.join(' ');
  return rules.filter((rule, index) => {
    if (rule.match !== undefined && !new RegExp(rule.match, 's').test(line)) return false;
    if (rule.by !== undefined && rule.by !== by) return false;
    if (rule.mutating === true && !isMutating) return false;
    const count = (counts[index] ?? 0) + 1;
    counts[index] = count;
    return rule.occurrence === undefined || rule.occurrence === count;
  });
}
