// podman secret create, ls and rm.
import { readFileSync } from 'node:fs';
import { PodmanError } from './errors.ts';
import { renderTemplate } from './template.ts';
import type { Input, Model } from './model.ts';
import { newId } from './state.ts';
import { flag, pairs, text, texts } from './values.ts';

export function createSecret({ state, out }: Model, { values, words }: Input): number {
  const [name, source] = words;
  if (name === undefined || source === undefined || words.length > 2)
    throw new PodmanError(`accepts 2 arg(s), received ${words.length}`);
  const value = flag(values, 'env') ? process.env[source] : readFileSync(source === '-' ? 0 : source, 'utf8');
  if (value === undefined)
    throw new PodmanError(`cannot create store secret data: environment variable ${source} is not set`);
  if (state.secrets[name] !== undefined) throw new PodmanError(`${name}: secret name in use`);
  const id = newId({ ...state, counter: Object.keys(state.secrets).length }, `secret ${name}`).slice(0, 25);
  state.secrets[name] = { id, name, labels: pairs(texts(values, 'label')), value };
  out(`${id}\n`);
  return 0;
}

export function secretList({ state, out }: Model, { values }: Input): number {
  const patterns = texts(values, 'filter').map((filter) => new RegExp(filter.replace(/^name=/, '')));
  const format = text(values, 'format');
  if (format === undefined) throw new Error('this podman prints tables for nobody: ask for a --format');
  for (const { id, name } of Object.values(state.secrets))
    if (patterns.every((pattern) => pattern.test(name)))
      out(`${renderTemplate(format, { ID: id, Name: name, Driver: 'file' })}\n`);
  return 0;
}

/** Removes as many as possible, even if one fails. */
export function removeSecrets({ state, out, err }: Model, { words }: Input): number {
  if (words.length === 0)
    throw new PodmanError('`podman secret rm` requires one argument, or the --all flag');
  let exitCode = 0;
  const complaints: string[] = [];
  for (const word of words) {
    const secret = state.secrets[word];
    if (secret === undefined) {
      complaints.push(`Error: no secret with name or id "${word}": no such secret\n`);
      exitCode = 125;
    } else {
      Reflect.deleteProperty(state.secrets, word);
      out(`${secret.id}\n`);
    }
  }
  err(complaints.join(''));
  return exitCode;
}

/** The secrets of a container must exist at its creation. */
export function needSecrets({ state }: Model, flags: readonly string[]): void {
  for (const [name = ''] of flags.map((secret) => secret.split(',', 1)))
    if (state.secrets[name] === undefined)
      throw new PodmanError(
        `running container create option: no secret with name or id "${name}": no such secret`,
      );
}
