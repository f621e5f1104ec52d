import { hideSecrets } from './secret-text.ts';

/** `image: nginx:1.27`, and the `reference:` of an image volume; in JSON the key is quoted. */
const MENTION = /^[\s{[,-]*["']?(?:image|reference)["']?[^\S\n]*:[^\S\n]*["']?([^\s"',#&*!]+)/gm;

/** Further images are inspected when the plan needs them. */
const MAX_IMAGES = 200;

/**
 * Guesses the images of a manifest without parsing it, so that podman can be asked for them early. The result is only
 * a hint: it misses values after an anchor or in the middle of a line. Secrets are skipped.
 */
export function mentionedImages(text: string): readonly string[] {
  const names = [...hideSecrets(text).matchAll(MENTION)].flatMap(([, name]) => name ?? []);
  return [...new Set(names)].slice(0, MAX_IMAGES);
}
