import { hideSecrets } from './secret-text.ts';

/**
 * `image: nginx:1.27`, and `reference: ...` of a volume that is an image; in JSON with quotes around the key.
 */
const MENTION = /^[\s{[,-]*["']?(?:image|reference)["']?[^\S\n]*:[^\S\n]*["']?([^\s"',#&*!]+)/gm;

/** More are not worth a guess. */
const MOST = 200;

/**
 * What a manifest seems to name as images, found without reading it as YAML: enough to ask for them early,
 * and nothing to rely on. What stands behind an anchor or further back in a line is not seen, and what a
 * Secret says is left out.
 */
export function mentionedImages(text: string): readonly string[] {
  const names = [...hideSecrets(text).matchAll(MENTION)].flatMap(([, name]) => name ?? []);
  return [...new Set(names)].slice(0, MOST);
}
