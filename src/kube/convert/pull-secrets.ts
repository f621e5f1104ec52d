import { isObject } from '../../base/json-members.ts';
import { parseJson } from '../../base/parse-json.ts';
import type { LocalObjectReference } from '../../manifest/schema/generated/kubernetes.ts';
import type { KeyedData } from '../config/keyed-data.ts';
import { decodeBase64, encodeBase64 } from '../config/content.ts';
import type { SecretKeeper } from '../config/secret-keeper.ts';
import type { ConvertContext } from './convert-context.ts';

type Members = Readonly<Record<string, unknown>>;

/**
 * Merges the registry credentials of a pod into one auth file in the format of docker and podman. The first of two
 * secrets for one registry takes precedence. Returns the fingerprint of the file; undefined without credentials.
 * https://kubernetes.io/docs/concepts/containers/images/#specifying-imagepullsecrets-on-a-pod
 */
export function convertPullSecrets(
  references: readonly LocalObjectReference[],
  { objects, keeper }: Pick<ConvertContext, 'objects' | 'keeper'>,
): string | undefined {
  const auths: Record<string, unknown> = {};
  for (const { name = '' } of references) {
    const data = objects.secrets.get(name);
    for (const [registry, entry] of Object.entries(data === undefined ? {} : authsOf(data, keeper)))
      auths[registry] ??= entry;
  }
  if (Object.keys(auths).length === 0) return undefined;
  // A registry may echo the password in an error message, so it is stored for redaction.
  for (const password of Object.values(auths).flatMap(passwordOf)) keeper.keep(password);
  return keeper.keep(new TextEncoder().encode(JSON.stringify({ auths })));
}

function authsOf(data: KeyedData, keeper: SecretKeeper): Members {
  const config = parsed(data, '.dockerconfigjson', keeper)?.['auths'];
  const auths = isObject(config) ? config : (parsed(data, '.dockercfg', keeper) ?? {});
  return Object.fromEntries(Object.entries(auths).map(([registry, entry]) => [registry, withAuth(entry)]));
}

function parsed({ values }: KeyedData, key: string, keeper: SecretKeeper): Members | undefined {
  const content = values.get(key);
  const bytes = content?.type === 'secret' ? keeper.reveal(content.fingerprint) : undefined;
  return bytes === undefined ? undefined : parseMembers(new TextDecoder().decode(bytes));
}

/** Parses a JSON object; undefined for other or invalid JSON. */
export function parseMembers(text: string): Members | undefined {
  const value = parseJson(text);
  return isObject(value) ? value : undefined;
}

/** podman reads only `auth`; Kubernetes also accepts `username` and `password`. */
function withAuth(entry: unknown): unknown {
  if (!isObject(entry)) return entry;
  const { auth, username, password } = entry;
  if (typeof auth === 'string' || typeof username !== 'string' || typeof password !== 'string') return entry;
  return { auth: encodeBase64(new TextEncoder().encode(`${username}:${password}`)) };
}

/** The password in `auth`, which is `NAME:PASSWORD` in base64. */
function passwordOf(entry: unknown): readonly Uint8Array[] {
  const auth = isObject(entry) ? entry['auth'] : undefined;
  const decoded = typeof auth === 'string' ? decodeBase64(auth) : undefined;
  return decoded === undefined ? [] : [decoded.slice(decoded.indexOf(58) + 1)];
}
