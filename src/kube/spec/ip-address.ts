const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const ipv4 = new RegExp(`^${octet}(?:\\.${octet}){3}$`);

/** Whether a text is an IPv4 or IPv6 address. Kubernetes accepts no zones. */
export function isIPAddress(text: string): boolean {
  return ipv4.test(text) || isIPv6(text);
}

function isIPv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const lengths = halves.map((half, index) => groupsIn(half, index === halves.length - 1));
  if (lengths.includes(undefined)) return false;
  const groups = lengths.reduce<number>((sum, length) => sum + (length ?? 0), 0);
  return halves.length === 2 ? groups < 8 : groups === 8;
}

/** The number of 16-bit groups in a part of an IPv6 address; undefined for an invalid part. */
function groupsIn(part: string, isLast: boolean): number | undefined {
  if (part === '') return 0;
  const groups = part.split(':');
  const last = groups.at(-1) ?? '';
  const embedded = isLast && ipv4.test(last);
  const plain = embedded ? groups.slice(0, -1) : groups;
  if (!plain.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return plain.length + (embedded ? 2 : 0);
}
