import type { CheckedObject } from '../../manifest/checked-document.ts';
import { selects } from '../spec/label-selection.ts';
import { namespaceOf, qualifiedNameOf } from '../spec/qualified-name.ts';
import { compareQuantities, parseQuantity, type Quantity } from '../spec/quantity.ts';

export type Claim = CheckedObject<'PersistentVolumeClaim'>;
export type PersistentVolume = CheckedObject<'PersistentVolume'>;

/** The binding of a PVC. */
export type Binding =
  /** Bound to a PersistentVolume. */
  | { readonly kind: 'bound'; readonly volume: PersistentVolume }
  /** No PersistentVolume in the files matches: a volume is created, as by a cluster's provisioner. */
  | { readonly kind: 'provisioned' }
  /** Pending forever on a cluster. */
  | { readonly kind: 'pending'; readonly because: Pending };

export type Pending =
  | { readonly kind: 'volume-not-found'; readonly volumeName: string }
  | { readonly kind: 'mismatch'; readonly volumeName: string; readonly why: string }
  /** Dynamic provisioning is not possible, and no PersistentVolume in the files matches. */
  | { readonly kind: 'no-match'; readonly asked: 'selector' | 'storageClassName' };

/**
 * Binds PVCs to the PersistentVolumes of the same files, as the controller of a cluster does
 * (FindMatchingVolume in k8s.io/component-helpers/storage/volume): pre-bound pairs first, then the smallest
 * matching volume for each PVC, in the order of the files. Of two PVCs of one name the first is bound.
 */
export function bindClaims(
  claims: readonly Claim[],
  volumes: ReadonlyMap<string, PersistentVolume>,
): ReadonlyMap<Claim, Binding> {
  const bindings = new Map<Claim, Binding>();
  const taken = new Map<string, string>();
  const isReserved = (claim: Claim) =>
    volumeNameOf(claim) !== '' || [...volumes.values()].some((volume) => isReservedFor(volume, claim));
  const all = claims.filter(
    (claim, index) => claims.findIndex((other) => keyOf(other) === keyOf(claim)) === index,
  );
  for (const claim of [...all.filter(isReserved), ...all.filter((claim) => !isReserved(claim))]) {
    const binding = bind(claim, volumes, taken);
    if (binding.kind === 'bound') taken.set(nameOf(binding.volume), keyOf(claim));
    bindings.set(claim, binding);
  }
  return bindings;
}

type Taken = ReadonlyMap<string, string>;

function bind(claim: Claim, volumes: ReadonlyMap<string, PersistentVolume>, taken: Taken): Binding {
  const volumeName = volumeNameOf(claim);
  if (volumeName !== '') return bindByName(claim, volumeName, volumes, taken);
  const matching = [...volumes.values()].filter((volume) => mismatch(claim, volume, taken) === undefined);
  const [smallest] = matching.sort(
    (a, b) => Number(isReserved(b)) - Number(isReserved(a)) || compareCapacities(a, b),
  );
  if (smallest !== undefined) return { kind: 'bound', volume: smallest };
  // A PersistentVolume with errors may be the matching one.
  const isWhole = [claim, ...volumes.values()].every(({ complete }) => complete !== undefined);
  const { selector = {}, storageClassName } = claim.value.spec ?? {};
  if (
    isWhole &&
    (Object.keys(selector.matchLabels ?? {}).length > 0 || (selector.matchExpressions ?? []).length > 0)
  )
    return { kind: 'pending', because: { kind: 'no-match', asked: 'selector' } };
  // https://kubernetes.io/docs/concepts/storage/persistent-volumes/#class-1: "" disables dynamic
  // provisioning.
  if (isWhole && storageClassName === '')
    return { kind: 'pending', because: { kind: 'no-match', asked: 'storageClassName' } };
  return { kind: 'provisioned' };
}

function bindByName(
  claim: Claim,
  volumeName: string,
  volumes: ReadonlyMap<string, PersistentVolume>,
  taken: Taken,
): Binding {
  const volume = volumes.get(volumeName);
  if (volume === undefined)
    return wasBound(claim)
      ? { kind: 'provisioned' }
      : { kind: 'pending', because: { kind: 'volume-not-found', volumeName } };
  const why = mismatch(claim, volume, taken);
  return why === undefined
    ? { kind: 'bound', volume }
    : { kind: 'pending', because: { kind: 'mismatch', volumeName, why } };
}

/** The manifest was exported from a cluster, which recorded its provisioned volume. */
function wasBound({ value }: Claim): boolean {
  return value.metadata?.annotations?.['pv.kubernetes.io/bind-completed'] !== undefined;
}

/** Why a PVC cannot be bound to a volume, as a clause about the volume; undefined if it can. */
export function mismatch(
  claim: Claim,
  volume: PersistentVolume,
  taken: Taken = new Map(),
): string | undefined {
  if (isReserved(volume) && !isReservedFor(volume, claim))
    return `it is reserved for PersistentVolumeClaim ${reservation(volume, claim)}`;
  const other = taken.get(nameOf(volume));
  if (other !== undefined && other !== keyOf(claim))
    return `it is already bound to PersistentVolumeClaim '${other}'`;
  const [has, asked] = [capacityOf(volume), claim.value.spec?.resources?.requests?.['storage']];
  const [hasBytes, askedBytes] = [quantity(has), quantity(asked)];
  if (hasBytes !== undefined && askedBytes !== undefined && compareQuantities(hasBytes, askedBytes) < 0)
    return `its capacity is ${has ?? ''}, but ${asked ?? ''} is requested`;
  const modes = volume.value.spec?.accessModes ?? [];
  const lacking = (claim.value.spec?.accessModes ?? []).find((mode) => !modes.includes(mode));
  if (lacking !== undefined) return `it lacks the access mode ${lacking}`;
  if (isReserved(volume)) return undefined;
  const [classOfVolume, classOfClaim] = [storageClassOf(volume), storageClassOf(claim)];
  if (classOfVolume !== classOfClaim) return `its storage class is '${classOfVolume}', not '${classOfClaim}'`;
  return selects(claim.value.spec?.selector ?? {}, volume.value.metadata?.labels ?? {})
    ? undefined
    : 'its labels do not match the selector';
}

function compareCapacities(a: PersistentVolume, b: PersistentVolume): number {
  const [first, second] = [quantity(capacityOf(a)), quantity(capacityOf(b))];
  return first === undefined || second === undefined ? 0 : compareQuantities(first, second);
}

function capacityOf({ value }: PersistentVolume): string | undefined {
  return value.spec?.capacity?.['storage'];
}

function quantity(text: string | undefined): Quantity | undefined {
  return text === undefined ? undefined : parseQuantity(text);
}

function isReserved({ value }: PersistentVolume): boolean {
  return (value.spec?.claimRef?.name ?? '') !== '';
}

/** A reservation without a namespace holds for any: an API server refuses it, which is an error of its own. */
function isReservedFor({ value }: PersistentVolume, claim: Claim): boolean {
  const { name = '', namespace = '' } = value.spec?.claimRef ?? {};
  return name === nameOf(claim) && (namespace === '' || namespace === namespaceOf(claim.value.metadata));
}

/** The PVC that a volume is reserved for, with its namespace if that of the other PVC is another one. */
function reservation({ value }: PersistentVolume, other: Claim): string {
  const { name = '', namespace = '' } = value.spec?.claimRef ?? {};
  const isElsewhere = name === nameOf(other);
  return isElsewhere ? `'${name}' of namespace '${namespace}'` : `'${name}'`;
}

/** The name of a PVC among those of all namespaces. */
function keyOf({ value }: Claim): string {
  return qualifiedNameOf(value.metadata);
}

function volumeNameOf({ value }: Claim): string {
  return value.spec?.volumeName ?? '';
}

/** The annotation is older than the field and takes precedence. */
export function storageClassOf({ value: { metadata, spec } }: Claim | PersistentVolume): string {
  return metadata?.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec?.storageClassName ?? '';
}

function nameOf({ value }: Claim | PersistentVolume): string {
  return value.metadata?.name ?? '';
}
