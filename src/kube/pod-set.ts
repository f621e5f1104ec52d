import type { FieldPath } from '../base/path.ts';
import type { Location } from '../base/location.ts';
import type { DesiredPod } from './spec/desired.ts';
import type { PortReach } from './spec/port-reach.ts';

/** A desired pod together with the way back to the text that it was made from. */
export interface SourcedPod {
  readonly pod: DesiredPod;
  readonly ports: PortReach;
  /** The place in the manifest of a path in the Pod object, such as `['spec', 'volumes', 0]`. */
  readonly locate: (path: FieldPath) => Location;
  /** The same for the PersistentVolume of a name. */
  readonly locatePersistentVolume: (name: string, path: FieldPath) => Location | undefined;
}
