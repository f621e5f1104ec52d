/** A manifest's text as far as it is one: for what is done with it before it is known to be sound. */
export function roughText(source: string | Uint8Array): string {
  return typeof source === 'string' ? source : new TextDecoder().decode(source);
}
