/** A field of a flag that podman parses as comma-separated values (RFC 4180). */
export function commaSeparatedField(text: string): string {
  return /[,"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
