import type { DesiredSecurityContext, SeccompProfile, SELinuxOptions } from '../../kube/spec/desired.ts';
import type { Argument } from './argument.ts';
import { commandSetting, setting, type Setting } from './setting.ts';

/** The settings for the user and the privileges of a container. */
export function securitySettings(security: DesiredSecurityContext, image: string): readonly Setting[] {
  return [
    ...userSettings(security, image),
    ...(security.supplementalGroups ?? [])
      .map((group) => group.toString())
      .map((group) => setting(['--group-add', group], { groups: [group] })),
    ...(security.privileged ? [setting(['--privileged'], { privileged: true })] : []),
    // By default, podman mounts writable directories at /tmp, /run and /var/tmp; Kubernetes does not.
    ...(security.readOnlyRootFilesystem
      ? [
          setting(['--read-only', '--read-only-tmpfs=false'], {
            read_only_filesystem: true,
            read_write_tmpfs: false,
          }),
        ]
      : []),
    ...security.capabilities.drop.map((name) => setting(['--cap-drop', name], { cap_drop: [name] })),
    ...security.capabilities.add.map((name) => setting(['--cap-add', name], { cap_add: [name] })),
    ...(security.allowPrivilegeEscalation === false
      ? [setting(['--security-opt', 'no-new-privileges'], { no_new_privileges: true })]
      : []),
    ...(security.seccompProfile === undefined ? [] : [seccompSetting(security.seccompProfile)]),
    ...seLinuxSettings(security),
    ...(security.procMount === 'Unmasked'
      ? [setting(['--security-opt', 'unmask=ALL'], { unmask: ['ALL'] })]
      : []),
  ];
}

function seccompSetting(profile: SeccompProfile): Setting {
  const word = profile.type === 'Unconfined' ? 'unconfined' : profile.path;
  return setting(['--security-opt', `seccomp=${word}`], {
    seccomp_profile_path: word,
    // `podman inspect` shows the profile from here.
    annotations: { 'io.podman.annotations.seccomp': word },
  });
}

/** The SELinux options of a security context, as values of `--security-opt label=`. */
export function seLinuxOptions({ seLinuxOptions: options = {} }: DesiredSecurityContext): readonly string[] {
  const { user, role, type, level }: SELinuxOptions = options;
  return Object.entries({ user, role, type, level }).flatMap(([part, value]) =>
    value === undefined ? [] : [`${part}:${value}`],
  );
}

/**
 * @param options values of `--security-opt label=`
 * @param earlier those of earlier settings, which the annotation lists, too
 */
export function labelOptionSetting(options: readonly string[], earlier: readonly string[] = []): Setting {
  const flags = options.flatMap((option) => ['--security-opt', `label=${option}`]);
  // For `nested`, the command also mounts and unmasks paths of its own choice.
  if (options.includes('nested')) return commandSetting(flags);
  // `podman inspect` shows the options from the annotation.
  const annotations = { 'io.podman.annotations.label': [...earlier, ...options].join(',label=') };
  return setting(flags, { selinux_opts: options, annotations });
}

function seLinuxSettings(security: DesiredSecurityContext): readonly Setting[] {
  const options = seLinuxOptions(security);
  return options.length === 0 ? [] : [labelOptionSetting(options)];
}

function userSettings({ runAsUser, runAsGroup }: DesiredSecurityContext, image: string): readonly Setting[] {
  const user = userArgument(runAsUser, runAsGroup, image);
  return user === undefined
    ? []
    : [{ flags: ['--user', user], body: (valueOf) => ({ user: valueOf(user) }) }];
}

function userArgument(
  user: number | undefined,
  group: number | undefined,
  image: string,
): Argument | undefined {
  if (user !== undefined) return `${user}${group === undefined ? '' : `:${group}`}`;
  // A group alone must keep the user of the image, but podman treats `--user :GROUP` as root.
  return group === undefined ? undefined : imageUser(image, `:${group}`);
}

/** The user of an image, as name or ID, without its group; empty if it has none. */
export function imageUser(image: string, after = ''): Argument {
  const user = '{{index (split .Config.User ":") 0}}';
  return { before: '', ask: { args: ['image', 'inspect', '--format', user, image] }, after };
}
