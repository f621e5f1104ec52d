import { SECRET_MARK } from '../../base/digest.ts';
import { isList } from '../../base/json-members.ts';
import { parseJson } from '../../base/parse-json.ts';
import { decodeBase64, encodeBase64 } from '../config/content.ts';
import type { SecretKeeper } from '../config/secret-keeper.ts';
import type { DesiredPod } from '../spec/desired.ts';
import { objectName } from '../spec/qualified-name.ts';
import type { DesiredCronJob, DesiredJob } from './desired-job.ts';

/*
 * The pods of a Job differ in their number and index, which may be anywhere in them: in names, variables, files and secrets.
 * The template has these words in their place. Each is valid where its value is, and no text has it by chance.
 */
export const POD_NUMBER = 'q7zn4xkw';
export const POD_INDEX = 'q7zi4xkw';
export const JOB_NAME = 'q7zj4xkw';

type Words = Readonly<Partial<Record<typeof POD_NUMBER | typeof POD_INDEX | typeof JOB_NAME, string>>>;

/** A pod of a Job. A secret value with a word is another one in each pod. */
export function podFromTemplate(
  { template }: Pick<DesiredJob, 'template'>,
  { suffix, index }: { readonly suffix: string; readonly index?: number | undefined },
  keeper: Pick<SecretKeeper, 'keep' | 'reveal'>,
): DesiredPod {
  return replaced(template, { [POD_NUMBER]: suffix, [POD_INDEX]: (index ?? 0).toString() }, keeper);
}

/**
 * A Job of a CronJob.
 * @param name with the namespace of the CronJob
 */
export function jobFromTemplate(
  { name: cronJob, job }: DesiredCronJob,
  name: string,
  keeper: SecretKeeper,
): DesiredJob {
  const template = replaced(job.template, { [JOB_NAME]: objectName(name).name }, keeper);
  const { secrets: _, ...rest } = job;
  return { ...rest, name, cronJob, template, ...bundleOf(template, keeper) };
}

function replaced(
  pod: DesiredPod,
  words: Words,
  { keep, reveal }: Pick<SecretKeeper, 'keep' | 'reveal'>,
): DesiredPod {
  const fill = (text: string) =>
    Object.entries(words).reduce((filled, [word, value]) => filled.replaceAll(word, value), text);
  const text = JSON.stringify(pod);
  const withSecrets = fingerprintsIn(text).reduce((filled, fingerprint) => {
    const value = reveal(fingerprint);
    const before = value === undefined ? '' : Buffer.from(value).toString('latin1');
    const after = fill(before);
    return before === after ? filled : filled.replaceAll(fingerprint, keep(Buffer.from(after, 'latin1')));
  }, text);
  return JSON.parse(fill(withSecrets)) as DesiredPod;
}

function fingerprintsIn(text: string): readonly string[] {
  return [...new Set(text.match(new RegExp(`${SECRET_MARK}[0-9a-f]+`, 'g')) ?? [])].sort();
}

/** The secret values of a template as one value, from which a watcher creates its pods. */
export function bundleOf(
  template: DesiredPod,
  { keep, reveal }: Pick<SecretKeeper, 'keep' | 'reveal'>,
): Pick<DesiredJob, 'secrets'> {
  const values = fingerprintsIn(JSON.stringify(template)).flatMap((fingerprint) => reveal(fingerprint) ?? []);
  if (values.length === 0) return {};
  return { secrets: keep(new TextEncoder().encode(JSON.stringify(values.map(encodeBase64)))) };
}

/** Keeps the values of a bundle. Returns whether it was one. */
export function unpackBundle(bundle: Uint8Array, { keep }: Pick<SecretKeeper, 'keep'>): boolean {
  const values = parseJson(new TextDecoder().decode(bundle));
  if (!isList(values)) return false;
  for (const value of values) {
    const bytes = typeof value === 'string' ? decodeBase64(value) : undefined;
    if (bytes !== undefined) keep(bytes);
  }
  keep(bundle);
  return true;
}
