import { listOf } from '../../base/json-members.ts';
import type { Json } from '../../base/stable-json.ts';
import { membersOf, textOf } from '../../plan/compare/manifest-form/values.ts';
import { field, type Line } from './describe-lines.ts';

/** The types in the words of kubectl (describeVolumes in k8s.io/kubectl/pkg/describe/describe.go). */
const TYPES: Readonly<Record<string, string>> = {
  emptyDir: "EmptyDir (a temporary directory that shares a pod's lifetime)",
  ephemeral:
    'EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)',
  configMap: 'ConfigMap (a volume populated by a ConfigMap)',
  secret: 'Secret (a volume populated by a Secret)',
  projected: 'Projected (a volume that contains injected data from multiple sources)',
  downwardAPI: 'DownwardAPI (a volume populated by information about the pod)',
  hostPath: 'HostPath (bare host directory volume)',
  persistentVolumeClaim:
    'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)',
  image: 'Image (a container image or OCI artifact)',
};

const FIELDS: Readonly<Record<string, string>> = {
  medium: 'Medium',
  sizeLimit: 'SizeLimit',
  path: 'Path',
  type: 'HostPathType',
  name: 'Name',
  secretName: 'SecretName',
  claimName: 'ClaimName',
  reference: 'Reference',
};

export function describeVolumes(volumes: Json | undefined): readonly Line[] {
  const all = listOf(volumes).map(membersOf);
  if (all.length === 0) return [field('Volumes', '<none>')];
  return [
    { depth: 0, text: 'Volumes:' },
    ...all.flatMap(({ name, ...source }): readonly Line[] => {
      const [type = '', fields] = Object.entries(source)[0] ?? [];
      return [
        { depth: 1, text: `${textOf(name)}:` },
        field('Type', TYPES[type] ?? type, 2),
        ...Object.entries(membersOf(fields)).flatMap(([member, value]) => {
          const words = FIELDS[member];
          return words === undefined ? [] : [field(words, textOf(value), 2)];
        }),
      ];
    }),
  ];
}
