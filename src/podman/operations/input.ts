import { encodeBase64 } from '../../kube/config/content.ts';
import type { Input, ScriptInput, SecretPart } from './argument.ts';

/** Standard input of a command with its secrets. Must not be shown, stored, or put into an argument. */
export function inputBytes(
  input: Input,
  reveal: (fingerprint: string) => Uint8Array | undefined,
): Uint8Array | undefined {
  if (input.kind === 'secret') return reveal(input.fingerprint);
  return new TextEncoder().encode(
    scriptText(input, ({ fingerprint }) => {
      const value = encodeBase64(reveal(fingerprint) ?? new Uint8Array());
      // `printf` is a shell builtin, so that its arguments are in no list of processes.
      return `printf %s '${value}' | base64 -d`;
    }),
  );
}

/** The script, with each secret replaced by the result of `secret`. */
export function scriptText({ parts }: ScriptInput, secret: (part: SecretPart) => string): string {
  return parts.map((part) => (typeof part === 'string' ? part : secret(part))).join('');
}

/** The environment variable that names the file with a secret, for a command pasted into a shell. */
export function secretVariable(...words: readonly string[]): string {
  return ['SECRET', ...words]
    .join('_')
    .toUpperCase()
    .replace(/[^A-Z0-9_]/g, '_');
}
