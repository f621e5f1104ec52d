import type { DiagnosticRows } from './row.ts';

/** Volumes, PersistentVolumeClaims, ConfigMaps and Secrets. */
export const DATA = {
  'unknown-volume': [
    'The pod has no volume of this name.',
    '`volumeMounts: [{name: dta}]`',
    'Correct the name, or add the volume to `spec.volumes`.',
  ],
  'wrong-volume': [
    'A volume of another type is needed.',
    '`fileKeyRef` to a ConfigMap volume',
    'Use an `emptyDir`; for a device, a PersistentVolumeClaim.',
  ],
  'unused-volume': [
    'Warning: no container mounts the volume.',
    'a volume without `volumeMounts`',
    'Mount it, or remove it.',
  ],
  'no-volume-source': [
    'Warning: a volume has no source and becomes an `emptyDir`.',
    '`volumes: [{name: data}]`',
    'Write `emptyDir: {}`.',
  ],
  'several-volume-sources': [
    'A volume has more than one source.',
    '`emptyDir` beside `hostPath`',
    'Keep one of them.',
  ],
  'size-limit-on-disk': [
    'Warning: the size of a volume on disk cannot be limited.',
    '`emptyDir: {sizeLimit: 1Gi}`',
    'Remove it, or use `medium: Memory`.',
  ],
  'duplicate-mount-path': [
    'Two volumes are mounted at the same path.',
    'two mounts at `/data`',
    'Change one of them.',
  ],
  'same-mount-point': [
    'Two volumes are mounted at one place, with paths that differ as texts.',
    'mounts at `/data` and `/data/`',
    'Change one of them.',
  ],
  'duplicate-path': [
    'Two files of a volume have the same path, or one needs a directory where the other is a file. A warning where a later file replaces an earlier one.',
    'two `items` with `path: a`',
    'Change one of them.',
  ],
  'invalid-path': [
    'Invalid path: empty, too long, or not allowed.',
    '`subPath: ../etc`',
    'Use a path of the form in the message.',
  ],
  'unusable-path': [
    'A path that a cluster accepts, and podman or Linux cannot use: with a colon, too long, or not absolute.',
    '`mountPath: /a:b`, `workingDir: app`',
    'Use a path of the form in the message.',
  ],
  'path-not-expanded': [
    'A path with `~` or a variable, which nothing replaces in a manifest.',
    '`hostPath: {path: ~/data}`',
    'Write the path that the message suggests.',
  ],
  'path-not-absolute': ['Warning: a path should be absolute.', '`mountPath: data`', 'Begin it with a slash.'],
  'no-mount-point': [
    'The mount point of a volume does not exist in the read-only volume around it.',
    'a mount at `/config/sub` in a ConfigMap at `/config`',
    'Make the outer volume writable, or create the directory in an init container.',
  ],
  'secret-in-path': [
    'A `subPathExpr` would show a secret in the name of a directory.',
    '`subPathExpr: $(TOKEN)`',
    'Use another variable.',
  ],
  'sub-path-not-a-directory': [
    'A part of a subPath is a file.',
    '`subPath: data/file.txt/logs`',
    'Correct the subPath, or remove the file from the volume.',
  ],
  'sub-path-escapes': [
    'A `subPath` leaves its volume through a symbolic link.',
    'an init container that links `/data/a` to `/`',
    'Change the link to a path inside the volume.',
  ],
  'image-sub-path': [
    'A single file of an image volume cannot be mounted.',
    '`subPath: etc/hosts` of an image',
    'Mount the directory of the file.',
  ],
  'host-path-missing': [
    'A path of the machine does not exist.',
    '`hostPath: {path: /srv/dta, type: Directory}`',
    'Create it, or use `type: DirectoryOrCreate`.',
  ],
  'host-path-type': [
    'A path of the machine has another type.',
    '`type: File` for a directory',
    'Correct the path or the type.',
  ],
  'host-path-unreadable': [
    'Permission denied for a path of the machine.',
    '`hostPath: {path: /root/secret}`',
    'Change its permissions, or use another path.',
  ],
  'seccomp-profile-missing': [
    'A seccomp profile is not a file.',
    '`localhostProfile: profiles/a.json`',
    'Create it; the path starts at the directory of the manifest.',
  ],
  'unbound-claim': [
    'No PersistentVolume matches a PersistentVolumeClaim.',
    'a `volumeName` that is in none of the files',
    'Add the volume, or correct class, size or access modes.',
  ],
  'unbound-volume': [
    'Warning: no PersistentVolumeClaim is bound to a PersistentVolume.',
    'a PersistentVolume alone',
    'Add a PersistentVolumeClaim, or remove the volume.',
  ],
  'unused-claim': [
    'Warning: no pod uses a PersistentVolumeClaim.',
    'a PersistentVolumeClaim alone',
    'Mount it in a pod, or remove it.',
  ],
  'claim-in-use': [
    'Two pods use a PersistentVolumeClaim with `ReadWriteOncePod`.',
    'two pods with one PersistentVolumeClaim',
    'Use `ReadWriteOnce`.',
  ],
  'foreign-volume': [
    'Note: podman has a volume of the name of an undeclared claim, and podpose did not create it.',
    'a volume of `podman kube play`',
    'Nothing, if its data is meant. `down --volumes` keeps it, unless `up --adopt` makes it part of the project.',
  ],
  'volume-annotation': [
    "Invalid value of one of podman's annotations for volumes, or an unknown one.",
    '`volume.podman.io/uid: postgres`',
    'Correct the value as the message says.',
  ],
  'volume-options-differ': [
    'The volume of a PersistentVolumeClaim has other options than its annotations. A volume keeps its options, and is never recreated. Warning: only its owner differs.',
    '`volume.podman.io/type: tmpfs`, added later',
    'Write the annotations as the volume has them, or save its data and create it again, as the help says.',
  ],
  'host-path-not-labelled': [
    'Warning: SELinux is enabled, and nothing allows containers to use the files of a hostPath.',
    '`hostPath: {path: /srv/data}`',
    'Set the annotation `bind-mount-options: /srv/data:z` on the pod, or `seLinuxOptions` for its containers.',
  ],
  'undeclared-claim': [
    'Warning: no file declares the PersistentVolumeClaim. A volume of its name is used, and created if it does not exist.',
    'a file that `podman kube generate` wrote',
    'Add the claim of the message: a cluster needs it.',
  ],
  'invalid-volume-name': [
    'The annotation `podpose.io/volume` of a PersistentVolumeClaim is not a name of a podman volume.',
    '`podpose.io/volume: my data`',
    'Use the name of the volume in `podman volume ls`.',
  ],
  'missing-object': [
    'No ConfigMap, Secret or PersistentVolumeClaim of this name is in the files.',
    '`configMapRef: {name: settings}`',
    'Name its file, too, or set `optional: true`. For secrets of podman, see `docs/from-kube-play.md`.',
  ],
  'duplicate-object': [
    'Two objects of a kind have the same name and namespace.',
    'two ConfigMaps named `settings`',
    'Rename one, or put it into another namespace.',
  ],
  'namespace-mismatch': [
    'The object has another namespace than the command line, as `kubectl apply -n` refuses it.',
    '`podpose up -n staging` with `metadata.namespace: production`',
    'Name that namespace, or omit `-n`: objects keep the namespaces of the files.',
  ],
  'missing-key': [
    'A ConfigMap or Secret has no such key.',
    '`configMapKeyRef: {name: settings, key: colour}`',
    'Correct the key, add it, or set `optional: true`.',
  ],
  'duplicate-key': [
    'A key is under `data` and under `binaryData`.',
    'both with `logo.png`',
    'Remove one of them.',
  ],
  'invalid-base64': [
    'Invalid base64.',
    '`data: {password: s3cret!}` in a Secret',
    'Put plain text under `stringData`, or encode it: `base64 -w0`.',
  ],
  'invalid-certificate': [
    'Warning: the certificate and the key of a Secret for TLS cannot be used: not PEM, encrypted, or not a pair.',
    '`stringData: {tls.crt: x, tls.key: x}`',
    'Use the contents of the two files. `openssl x509 -in tls.crt -noout -text` shows a certificate.',
  ],
  'invalid-time': [
    'A time is not of the form of RFC 3339.',
    '`creationTimestamp: yesterday`',
    'Write `2026-01-31T12:00:00Z`, or remove the field.',
  ],
  'invalid-json': [
    'Registry credentials are not JSON.',
    'a wrong `.dockerconfigjson`',
    'Use the file that `podman login` writes.',
  ],
  'too-large': [
    'An object holds more than 1 MiB.',
    'a ConfigMap with a large file',
    'Mount the file from the machine.',
  ],
  'binary-variable': [
    'A variable cannot come from `binaryData`.',
    '`configMapKeyRef` to a binary key',
    'Mount the ConfigMap as a volume.',
  ],
  'nul-in-variable': [
    'The value of a variable has a NUL byte.',
    'a binary key of a Secret',
    'Mount it as a volume.',
  ],
  'variable-not-utf8': [
    'The value of a variable is not UTF-8.',
    'a binary key of a Secret',
    'Mount it as a volume.',
  ],
  'file-never-written': [
    'No container can write the file of a variable.',
    '`fileKeyRef` to a volume that nobody mounts',
    'Mount the volume in an init container, or set `optional: true`.',
  ],
  'no-value-in-file': [
    'The file of a variable has no value for the key.',
    '`fileKeyRef` to a file without `TOKEN=`',
    "Let an init container write `TOKEN='value'`, or set `optional: true`.",
  ],
  'missing-pull-secret': [
    'Warning: the Secret for a registry is not in the files; the credentials of `podman login` are used.',
    '`imagePullSecrets: [{name: registry}]`',
    'Add the Secret, or run `podman login`.',
  ],
  'unusable-pull-secret': [
    'Warning: a Secret has no credentials for a registry.',
    'a Secret without `.dockerconfigjson`',
    'Use a Secret of type `kubernetes.io/dockerconfigjson`.',
  ],
} as const satisfies DiagnosticRows;
