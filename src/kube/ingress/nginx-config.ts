import { UNAVAILABLE, type ProxyRoute, type ProxyRules, type ProxySite } from './proxy-rules.ts';

/** Where the proxy listens in its pod: above 1023, for images whose nginx is not root. */
export const PROXY_PORTS = { http: 8080, https: 8443 } as const;

/** Written when the container starts: the DNS server of its network. */
export const RESOLVER_FILE = '/tmp/resolver.conf';

/**
 * The configuration of nginx for these rules. Names of Services are resolved while it runs: the pods of a headless Service
 * change, and a Service may come later.
 */
export function nginxConfig({ sites }: ProxyRules): string {
  const hasTls = sites.some(({ certificate }) => certificate !== undefined);
  const named = sites.filter(({ host }) => host !== '');
  const others = sites.find(({ host }) => host === '') ?? { host: '', routes: [] };
  return `${[
    '# Written by podpose from the Ingresses of the manifests.',
    'user nginx;',
    'worker_processes auto;',
    'pid /tmp/nginx.pid;',
    'error_log /dev/stderr warn;',
    'events {',
    '  worker_connections 1024;',
    '}',
    'http {',
    ...HTTP.map(indented),
    ...[others, ...named].flatMap((site, index) => ['', ...siteLines(site, index, hasTls).map(indented)]),
    '}',
  ].join('\n')}\n`;
}

const HTTP: readonly string[] = [
  `include ${RESOLVER_FILE};`,
  'access_log /dev/stdout;',
  'server_tokens off;',
  'server_names_hash_bucket_size 256;',
  'map_hash_bucket_size 256;',
  'merge_slashes off;',
  'client_max_body_size 0;',
  'large_client_header_buffers 4 32k;',
  'map $http_host $asked_host {',
  '  default $http_host;',
  '  "" $host;',
  '}',
  'map $http_upgrade $connection_header {',
  '  default upgrade;',
  '  "" "";',
  '}',
  'proxy_http_version 1.1;',
  'proxy_buffering off;',
  'proxy_request_buffering off;',
  'proxy_buffers 8 32k;',
  'proxy_buffer_size 32k;',
  'proxy_set_header Host $asked_host;',
  'proxy_set_header Upgrade $http_upgrade;',
  'proxy_set_header Connection $connection_header;',
  'proxy_set_header X-Real-IP $remote_addr;',
  'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
  'proxy_set_header X-Forwarded-Host $asked_host;',
  'proxy_set_header X-Forwarded-Proto $scheme;',
];

/** A table from the path to the target, and the server that uses it. The first regular expression that matches is taken. */
function siteLines(site: ProxySite, index: number, hasTls: boolean): readonly string[] {
  const { host, routes, fallback = '', certificate } = site;
  const isDefault = host === '';
  const target = `$target_${index}`;
  const marks = isDefault ? ' default_server' : '';
  return [
    `map $uri ${target} {`,
    `  default "${fallback}";`,
    ...routes.map((route) => `  "${pathPattern(route)}" "${route.target}";`),
    '}',
    'server {',
    `  listen ${PROXY_PORTS.http}${marks};`,
    ...(certificate !== undefined
      ? [
          `  listen ${PROXY_PORTS.https} ssl${marks};`,
          `  ssl_certificate ${certificate}/tls.crt;`,
          `  ssl_certificate_key ${certificate}/tls.key;`,
        ]
      : isDefault && hasTls
        ? [`  listen ${PROXY_PORTS.https} ssl${marks};`, '  ssl_reject_handshake on;']
        : []),
    ...(isDefault ? [] : [`  server_name ${hostPattern(host)};`]),
    '  location / {',
    `    if (${target} = "") {`,
    '      return 404;',
    '    }',
    `    if (${target} = "${UNAVAILABLE}") {`,
    '      return 503;',
    '    }',
    `    proxy_pass http://${target};`,
    '  }',
    '}',
  ];
}

/** A prefix matches whole elements of the path: `/shop` matches `/shop` and `/shop/cart`, and not `/shopping`. */
function pathPattern({ match, path }: ProxyRoute): string {
  return match === 'exact' ? `~^${escaped(path)}$` : `~^${escaped(path)}(/|$)`;
}

/** The `*` is one label; that of nginx is any number of them. */
function hostPattern(host: string): string {
  const name = host.toLowerCase();
  return name.startsWith('*.') ? `"~^[^.]+${escaped(name.slice(1))}$"` : name;
}

/** A text in a regular expression between double quotes: bytes that mean something in either are written as numbers. */
function escaped(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      if (/[A-Za-z0-9/_~-]/.test(character)) return character;
      return character === '.' ? '\\.' : `\\x${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}

function indented(line: string): string {
  return line === '' ? line : `  ${line}`;
}
