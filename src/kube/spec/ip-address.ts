/** An IPv4 or IPv6 address, as a number. */
export interface IPAddress {
  readonly family: 4 | 6;
  readonly bits: bigint;
}

const BYTE = /^(?:0|[1-9][0-9]{0,2})$/;
const GROUP = /^[0-9a-fA-F]{1,4}$/;

/** The number of bits of an address. */
export function addressBits(family: 4 | 6): number {
  return family === 4 ? 32 : 128;
}

/**
 * Reads an address as an API server of Kubernetes 1.36 does (parseIP in k8s.io/apimachinery/pkg/util/validation/ip.go):
 * no zones, no leading zeros, no IPv4 address that is mapped to IPv6 (`::ffff:1.2.3.4`). Undefined for any other text.
 */
export function parseIPAddress(text: string): IPAddress | undefined {
  if (!text.includes(':')) return parseIPv4(text);
  const address = parseIPv6(text);
  return address === undefined || address.bits >> 32n === 0xffffn ? undefined : address;
}

/** Whether a text is an IPv4 or IPv6 address to Kubernetes. */
export function isIPAddress(text: string): boolean {
  return parseIPAddress(text) !== undefined;
}

/** No address has more characters, with some zeros before its numbers. */
const MAX_LENGTH = 253;

/** Reads an address with leading zeros or an address that is mapped to IPv6, too, as older servers did. */
export function parseLooseIPAddress(text: string): IPAddress | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const plain = text.replace(/(^|[.:])0+(?=[0-9]+(?:\.|$))/g, '$1');
  const address = plain.includes(':') ? parseIPv6(plain) : parseIPv4(plain);
  return address !== undefined && address.bits >> 32n === 0xffffn
    ? { family: 4, bits: address.bits & 0xffffffffn }
    : address;
}

function parseIPv4(text: string): IPAddress | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => BYTE.test(part) && Number(part) <= 255)) return undefined;
  return { family: 4, bits: parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n) };
}

function parseIPv6(text: string): IPAddress | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const lists = halves.map((half, index) => groupsIn(half, index === halves.length - 1));
  const [first, last = []] = lists;
  if (first === undefined || lists.includes(undefined)) return undefined;
  const zeros = 8 - first.length - last.length;
  if (halves.length === 2 ? zeros < 1 : zeros !== 0) return undefined;
  const groups = [...first, ...Array<number>(zeros).fill(0), ...last];
  return { family: 6, bits: groups.reduce((bits, group) => (bits << 16n) | BigInt(group), 0n) };
}

/** The 16-bit groups in a part of an IPv6 address; undefined for an invalid part. */
function groupsIn(part: string, isLast: boolean): readonly number[] | undefined {
  if (part === '') return [];
  const words = part.split(':');
  const embedded = isLast ? parseIPv4(words.at(-1) ?? '') : undefined;
  const plain = embedded === undefined ? words : words.slice(0, -1);
  if (!plain.every((word) => GROUP.test(word))) return undefined;
  const groups = plain.map((word) => parseInt(word, 16));
  return embedded === undefined
    ? groups
    : [...groups, Number(embedded.bits >> 16n), Number(embedded.bits & 0xffffn)];
}

/** The canonical form of an address: for IPv6 that of RFC 5952. */
export function formatIPAddress({ family, bits }: IPAddress): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 0xffn).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => (bits >> BigInt(112 - 16 * index)) & 0xffffn);
  const { start, length } = longestZeros(groups);
  const words = groups.map((group) => group.toString(16));
  if (length < 2) return words.join(':');
  return `${words.slice(0, start).join(':')}::${words.slice(start + length).join(':')}`;
}

/** The first of the longest runs of zeros. */
function longestZeros(groups: readonly bigint[]): { readonly start: number; readonly length: number } {
  let longest = { start: 0, length: 0 };
  let start = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== 0n) start = index + 1;
    else if (index + 1 - start > longest.length) longest = { start, length: index + 1 - start };
  }
  return longest;
}

/** A range of addresses: `10.0.0.0/8`. */
export interface AddressRange {
  readonly address: IPAddress;
  /** The number of bits that all addresses of the range have in common. */
  readonly length: number;
}

/**
 * Reads a range as an API server of Kubernetes 1.36 does (parseCIDR in the same file), except that the address may have
 * bits after the prefix: see `networkOf`. Undefined for any other text.
 */
export function parseAddressRange(text: string): AddressRange | undefined {
  const slash = text.indexOf('/');
  const [address, digits] = [parseIPAddress(text.slice(0, slash)), text.slice(slash + 1)];
  if (slash < 0 || address === undefined || !BYTE.test(digits)) return undefined;
  const length = Number(digits);
  return length <= addressBits(address.family) ? { address, length } : undefined;
}

/** The first address of a range, which has no bits after the prefix. */
export function networkOf({ address: { family, bits }, length }: AddressRange): IPAddress {
  const rest = BigInt(addressBits(family) - length);
  return { family, bits: (bits >> rest) << rest };
}

/** Whether a range holds the whole of another one, and more. */
export function isStrictlyWithin(inner: AddressRange, outer: AddressRange): boolean {
  return (
    inner.address.family === outer.address.family &&
    inner.length > outer.length &&
    networkOf({ address: inner.address, length: outer.length }).bits === networkOf(outer).bits
  );
}

export function formatAddressRange({ address, length }: AddressRange): string {
  return `${formatIPAddress(address)}/${length}`;
}
