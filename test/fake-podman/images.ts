// podman pull, and the registry.
import { PodmanError } from './errors.ts';
import type { Image, Input, Model, Running, Waiting } from './model.ts';
import { hasRegistry, storeImage, withTag } from './state.ts';
import { flag } from './values.ts';

/** Short names in podman's default list of aliases; all others need a registry. */
const ALIASES: Readonly<Record<string, string>> = {
  alpine: 'docker.io/library/alpine',
  busybox: 'docker.io/library/busybox',
  debian: 'docker.io/library/debian',
  ubuntu: 'docker.io/library/ubuntu',
};

export function* pull(model: Model, { values, words }: Input): Running {
  if (words.length === 0) throw new PodmanError('requires at least 1 arg(s), only received 0');
  for (const word of words) {
    const image = yield* pullImage(model, word, flag(values, 'quiet'));
    model.out(`${image.id}\n`);
  }
  return 0;
}

/** Every image can be pulled, except for those that are missing according to the settings. */
export function* pullImage(model: Model, word: string, isQuiet = false): Waiting<Image> {
  const { settings } = model;
  const report = (text: string) => {
    if (!isQuiet) model.err(`${text}\n`);
  };
  const name = fullName(word);
  report(`Trying to pull ${name}...`);
  yield { moment: 'pulling' };
  if (settings.absentImages?.some((pattern) => new RegExp(pattern).test(name)) === true) {
    const [, repository = '', tag = ''] = /^(.*?)[:@]([^/]+)$/.exec(name) ?? [];
    throw new PodmanError(
      `initializing source docker://${name}: reading manifest ${tag} in ${repository}: manifest unknown: manifest unknown`,
    );
  }
  const image = storeImage(model.state, { name, ...settings.registry?.[name] }, model.now());
  report('Getting image source signatures');
  report(`Copying blob ${image.digest}`);
  report(`Copying config ${image.id}`);
  report('Writing manifest to image destination\nStoring signatures');
  return image;
}

function fullName(word: string): string {
  const tagged = withTag(word);
  if (hasRegistry(tagged)) return tagged.replace(/^docker\.io\/(?=[^/]+$)/, 'docker.io/library/');
  const [short = ''] = tagged.split(/[:@]/);
  const alias = ALIASES[short];
  if (alias === undefined)
    throw new PodmanError(
      `short-name "${word}" did not resolve to an alias and no unqualified-search registries are defined in "/etc/containers/registries.conf"`,
    );
  return tagged.replace(short, alias);
}
