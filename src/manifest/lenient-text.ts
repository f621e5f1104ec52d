/** Decodes a manifest without validation, for steps before the manifest is parsed. */
export function decodeLeniently(source: string | Uint8Array): string {
  return typeof source === 'string' ? source : new TextDecoder().decode(source);
}
