import type { FieldPath } from '../../base/path.ts';
import type { Finding } from './finding.ts';

/** A Kubernetes rule for names. */
export interface NameRule {
  readonly pattern: RegExp;
  /** In characters. All patterns except the one for environment variables are ASCII. */
  readonly longest: number;
  /** Description of the pattern; follows "may only contain". */
  readonly allows: string;
}

/**
 * RFC 1123 label. https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names
 */
export const dnsLabel: NameRule = {
  pattern: /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/,
  longest: 63,
  allows: "lowercase letters, digits and '-', with a letter or digit at both ends",
};

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names */
export const dnsSubdomain: NameRule = {
  pattern: /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/,
  longest: 253,
  allows: "lowercase letters, digits, '-' and '.', with a letter or digit at both ends of every part",
};

/** A search domain of resolv.conf; underscores are allowed since Kubernetes 1.34. */
export const searchDomain: NameRule = {
  pattern: /^_?[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?(?:\._?[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?)*$/,
  longest: 253,
  allows: "lowercase letters, digits, '-', '_' and '.', with a letter or digit at the end of every part",
};

/** IANA_SVC_NAME of RFC 6335. */
export const portName: NameRule = {
  pattern: /^(?=.*[a-z])(?!.*--)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/,
  longest: 15,
  allows: "lowercase letters, digits and single '-', with at least one letter and no '-' at the ends",
};

/** Since Kubernetes 1.34; before, only names valid in a shell. */
export const envName: NameRule = {
  pattern: /^[ -<>-~]+$/,
  longest: Infinity,
  allows: "printable ASCII characters other than '='",
};

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
const labelWord: NameRule = {
  pattern: /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/,
  longest: 63,
  allows: "letters, digits, '-', '_' and '.', with a letter or digit at both ends",
};

/** A part of a URL path (IsPathSegmentName in k8s.io/apimachinery/pkg/api/validate/content). */
export const pathSegment: NameRule = {
  pattern: /^(?!\.\.?$)[^/%]+$/,
  longest: Infinity,
  allows: "characters other than '/' and '%', and must not be '.' or '..'",
};

/** Names with a form that no pattern says. */
export const anyName: NameRule = { pattern: /^/, longest: Infinity, allows: 'any characters' };

/** Why a name violates the rule, as a sentence without a full stop; undefined for a valid name. */
export function nameProblem(rule: NameRule, name: string): string | undefined {
  if (name === '') return 'must not be empty';
  if (name.length > rule.longest) return `must have at most ${rule.longest} characters, got ${name.length}`;
  return rule.pattern.test(name) ? undefined : `'${name}' may only contain ${rule.allows}`;
}

/** A finding for a value that violates the rule, with the nearest valid name as suggestion. */
export function* checkName(rule: NameRule, name: string, path: FieldPath): Iterable<Finding> {
  const message = nameProblem(rule, name);
  if (message === undefined) return;
  const suggestion = name
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  const helps = suggestion !== name && nameProblem(rule, suggestion) === undefined;
  yield { code: 'invalid-name', path, message, ...(helps ? { suggestion } : {}) };
}

/**
 * The name that `podpose fix` gives: in lowercase, with '-' for other characters, cut if too long. Undefined if no valid name
 * is left.
 */
export function validName(rule: NameRule, name: string): string | undefined {
  const words = name.toLowerCase().replace(/[^a-z0-9.]+/g, '-');
  return [words, words.replaceAll('.', '-'), words.replace(/[-.]+/g, '-')]
    .map((near) =>
      near
        .replace(/^[-.]+/, '')
        .slice(0, rule.longest)
        .replace(/[-.]+$/, ''),
    )
    .find((near) => near !== name && nameProblem(rule, near) === undefined);
}

/** Why a text is not a valid key of a label or annotation: `[prefix/]name`, the prefix a DNS subdomain. */
export function labelKeyProblem(key: string): string | undefined {
  const [first = '', second, ...others] = key.split('/');
  if (others.length > 0) return `'${key}' may only contain one '/'`;
  if (second === undefined) return nameProblem(labelWord, first);
  const prefix = nameProblem(dnsSubdomain, first);
  if (prefix !== undefined) return `the prefix before '/' ${withoutSubject(prefix, first)}`;
  const name = nameProblem(labelWord, second);
  return name === undefined ? undefined : `the name after '/' ${withoutSubject(name, second)}`;
}

/** The problem without its leading word: the sentence already has a subject. */
function withoutSubject(problem: string, word: string): string {
  return problem.startsWith(`'${word}' `) ? problem.slice(word.length + 3) : problem;
}

/** Why a text is not a valid label value; empty is valid. */
export function labelValueProblem(value: string): string | undefined {
  return value === '' ? undefined : nameProblem(labelWord, value);
}
