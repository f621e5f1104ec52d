import type { FieldPath } from '../base/path.ts';
import type { Location } from '../base/location.ts';
import type { DesiredPod } from './spec/desired.ts';
import type { PortReach } from './spec/port-reach.ts';

/** A desired pod with the source locations of its fields. */
export interface SourcedPod {
  readonly pod: DesiredPod;
  /** The proxy of Ingresses: its host ports may be others, and everything else does without it. */
  readonly isProxy?: true;
  readonly ports: PortReach;
  /** The names of the PVCs that the pod mounts and no file declares. */
  readonly undeclaredClaims: ReadonlySet<string>;
  /** The location of a path of the Pod object, such as `['spec', 'volumes', 0]`. */
  readonly locate: (path: FieldPath) => Location;
  /** The location of a path of the named PVC, or of its key; undefined for one that no file declares. */
  readonly locateClaim: (name: string, path: FieldPath, at?: 'key') => Location | undefined;
  /** The location of a path of the named PersistentVolume; undefined for an unknown volume. */
  readonly locatePersistentVolume: (name: string, path: FieldPath) => Location | undefined;
}
