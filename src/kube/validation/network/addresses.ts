import type { FieldPath } from '../../../base/path.ts';
import {
  addressBits,
  formatAddressRange,
  formatIPAddress,
  networkOf,
  parseAddressRange,
  parseIPAddress,
  parseLooseIPAddress,
  type AddressRange,
  type IPAddress,
} from '../../spec/ip-address.ts';
import type { Finding } from '../finding.ts';

/**
 * An IP address. The canonical form of IPv6 is only recommended (IsValidIPForLegacyField and GetWarningsForIP in
 * k8s.io/apimachinery/pkg/util/validation/ip.go).
 */
export function* checkIPAddress(text: string, path: FieldPath): Iterable<Finding> {
  const address = parseIPAddress(text);
  if (address === undefined) yield invalidAddress(text, path);
  else yield* warnAboutForm(text, formatIPAddress(address), path);
}

/** An IP address of a newer field, which must have the canonical form (IsValidIP in the same file). */
export function* checkCanonicalAddress(text: string, path: FieldPath): Iterable<Finding> {
  const address = parseIPAddress(text);
  if (address === undefined) yield invalidAddress(text, path);
  else if (formatIPAddress(address) !== text)
    yield {
      code: 'invalid-ip',
      path,
      message: `'${text}' is not the canonical form of the address`,
      suggestion: formatIPAddress(address),
    };
}

/** The form of an address that the server does not check, but warns about (GetWarningsForIP). */
export function* checkAddressForm(text: string, path: FieldPath): Iterable<Finding> {
  const address = parseLooseIPAddress(text);
  if (address !== undefined) yield* warnAboutForm(text, formatIPAddress(address), path);
}

function invalidAddress(text: string, path: FieldPath): Finding {
  return { code: 'invalid-ip', path, message: `invalid IP address '${text}'` };
}

/** A field of another version of IP. An invalid address is valid here: it is reported elsewhere. */
export function* checkFamily(text: string, family: 4 | 6, path: FieldPath): Iterable<Finding> {
  const address = parseIPAddress(text);
  if (address !== undefined && address.family !== family)
    yield { code: 'invalid-ip', path, message: `must be an IPv${family} address, got '${text}'` };
}

/** Ranges of addresses that no endpoint can have (ValidateEndpointIP in pkg/apis/core/validation/validation.go). */
const SPECIAL_RANGES = [
  ['0.0.0.0/32', 'the unspecified address'],
  ['::/128', 'the unspecified address'],
  ['127.0.0.0/8', 'a loopback address'],
  ['::1/128', 'a loopback address'],
  ['169.254.0.0/16', 'a link-local address'],
  ['fe80::/10', 'a link-local address'],
  ['224.0.0.0/24', 'a link-local multicast address'],
] as const;

/** Multicast addresses of the scope of one link: ff02, and others that differ in their flags. */
function isLinkLocalMulticast({ family, bits }: IPAddress): boolean {
  return family === 6 && bits >> 120n === 0xffn && ((bits >> 112n) & 0xfn) === 2n;
}

/** An address that other machines reach. An invalid address is valid here: it is reported elsewhere. */
export function* checkEndpointAddress(text: string, path: FieldPath): Iterable<Finding> {
  const address = parseIPAddress(text);
  if (address === undefined) return;
  const special = isLinkLocalMulticast(address)
    ? 'a link-local multicast address'
    : SPECIAL_RANGES.find(([range]) => isInRange(address, range))?.[1];
  if (special !== undefined)
    yield { code: 'invalid-ip', path, message: `'${text}' is ${special}: other machines cannot reach it` };
}

function isInRange(address: IPAddress, text: string): boolean {
  const range = parseAddressRange(text);
  return (
    range?.address.family === address.family &&
    networkOf({ address, length: range.length }).bits === range.address.bits
  );
}

/** A range of addresses in CIDR notation (IsValidCIDRForLegacyField and GetWarningsForCIDR in ip.go). */
export function* checkAddressRange(text: string, path: FieldPath): Iterable<Finding> {
  const range = parseAddressRange(text);
  if (range === undefined) {
    yield {
      code: 'invalid-ip',
      path,
      message: `'${text}' is not a range of IP addresses`,
      help: 'Write an address and the length of its prefix: 10.0.0.0/8.',
    };
    return;
  }
  const network = networkOf(range);
  if (network.bits === range.address.bits) yield* warnAboutForm(text, formatAddressRange(range), path);
  else yield ambiguousRange(text, range, network, path);
}

function ambiguousRange(text: string, range: AddressRange, network: IPAddress, path: FieldPath): Finding {
  const all = formatAddressRange({ address: network, length: range.length });
  const one = formatAddressRange({ ...range, length: addressBits(range.address.family) });
  return {
    code: 'invalid-ip',
    path,
    message: `'${text}' has bits after the prefix of ${range.length} bits`,
    help: `Write ${all} for the whole network, or ${one} for the one address.`,
  };
}

function* warnAboutForm(text: string, canonical: string, path: FieldPath): Iterable<Finding> {
  if (text !== canonical)
    yield {
      code: 'unusual-address',
      severity: 'warning',
      path,
      message: `'${text}' is not the canonical form of the address`,
      suggestion: canonical,
    };
}
