import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { listAt, parse, textAt } from './json.ts';
import { podman } from './podman.ts';

export interface Registry {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** Serves a podman image as a tag of the repository `app`. */
  readonly push: (image: string, tag: string) => Promise<void>;
  /** The requests so far, in order: `GET /v2/app/manifests/1`. */
  readonly requests: readonly string[];
  /** podman's environment for a registry without TLS. */
  readonly env: Readonly<Record<string, string>>;
  readonly close: () => void;
}

interface Content {
  readonly type: string;
  readonly body: Buffer;
}

const EMPTY = json({});
const UNKNOWN = json({ errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }] });

function json(value: unknown): Content {
  return { type: 'application/json', body: Buffer.from(JSON.stringify(value)) };
}

/**
 * A registry on this machine for pulls: it supports the requests that podman sends.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
export async function startRegistry(
  directory: string,
  beforeAnswer: () => Promise<void> = () => Promise.resolve(),
  /** `NAME:PASSWORD`, required for all requests. */
  credentials?: string,
): Promise<Registry> {
  const wanted =
    credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`;
  const isAllowed = (given: string | undefined) => wanted === undefined || given === wanted;
  const contents = new Map<string, Content>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '' } = request;
    requests.push(`${method} ${url}`);
    if (!isAllowed(request.headers.authorization)) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' });
      response.end();
      return;
    }
    void beforeAnswer().then(() => {
      const found = url === '/v2/' ? EMPTY : contents.get(url);
      const { type, body } = found ?? UNKNOWN;
      response.writeHead(found === undefined ? 404 : 200, {
        'content-type': type,
        'content-length': body.length,
      });
      response.end(method === 'HEAD' ? undefined : body);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = join(directory, 'registries.conf');
  await writeFile(settings, `[[registry]]\nlocation = "${host}"\ninsecure = true\n`);

  const push = async (image: string, tag: string) => {
    const saved = join(directory, `image-${tag}-${contents.size}`);
    await podman('save', '--quiet', '--format', 'oci-dir', '--output', saved, image);
    const blob = (digest: string) => readFile(join(saved, 'blobs', digest.replace(':', '/')));
    const [entry] = listAt(parse(await readFile(join(saved, 'index.json'), 'utf8')), 'manifests');
    const manifest = { type: textAt(entry, 'mediaType'), body: await blob(textAt(entry, 'digest')) };
    for (const name of [tag, textAt(entry, 'digest')]) contents.set(`/v2/app/manifests/${name}`, manifest);
    const { config, layers } = partsOf(manifest.body);
    for (const digest of [config, ...layers])
      contents.set(`/v2/app/blobs/${digest}`, { type: 'application/octet-stream', body: await blob(digest) });
  };
  return {
    host,
    push,
    requests,
    env: { CONTAINERS_REGISTRIES_CONF: settings },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function partsOf(manifest: Buffer) {
  const parsed = parse(manifest.toString());
  return {
    config: textAt(parsed, 'config', 'digest'),
    layers: listAt(parsed, 'layers').map((layer) => textAt(layer, 'digest')),
  };
}
