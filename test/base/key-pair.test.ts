import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { keyPairFault, type KeyPairFault } from '../../src/base/key-pair.ts';

function pem(label: string, body: string): string {
  return `-----BEGIN ${label}-----\n${(body.match(/.{1,64}/g) ?? []).join('\n')}\n-----END ${label}-----\n`;
}

/** Made for this test, with openssl req -x509 -newkey ed25519. */
const BODY =
  'MIIBLDCB36ADAgECAhQOq3+7Ppxb0uEV5mc5fAgJAj65+zAFBgMrZXAwDDEKMAgGA1UEAwwBYTAeFw0yNjExMjgxNDIxNDNaFw0zNjExMjUxNDIxNDNaMAwxCjAIBgNVBAMMAWEwKjAFBgMrZXADIQDk4GQP38UadN52boP4GljOdcdaKurbwD9WswTYa4qEm6NTMFEwHQYDVR0OBBYEFB4+DA2UfU3a8SyOtcyiCySCMALuMB8GA1UdIwQYMBaAFB4+DA2UfU3a8SyOtcyiCySCMALuMA8GA1UdEwEB/wQFMAMBAf8wBQYDK2VwA0EAPGVPvojGdIUFgtckdyfQ2CS0/kO0L/pVg6zjLXIiPrpM1VYe/0a9TUhCtcqTGxlmP5DSpmJvB2J4bheK2kYvCg==';
const CERTIFICATE = pem('CERTIFICATE', BODY);
const KEY_BODY = 'MC4CAQAwBQYDK2VwBCIEIBADU0jDwHcZ+3QAiOJWdI9qPRuWtX2YXKvfknBpccfZ';
const KEY = pem('PRIVATE KEY', KEY_BODY);

function newKey(type: 'ed25519' | 'ed448', passphrase?: string): string {
  const pkcs8 = { type: 'pkcs8', format: 'pem' } as const;
  const encoding = passphrase === undefined ? pkcs8 : { ...pkcs8, cipher: 'aes-128-cbc', passphrase };
  const pair = type === 'ed25519' ? generateKeyPairSync(type) : generateKeyPairSync('ed448');
  return pair.privateKey.export(encoding).toString();
}

const ecKey = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey;

const pairs: readonly (readonly [
  name: string,
  certificates: string,
  keys: string,
  fault: KeyPairFault | undefined,
])[] = [
  ['a pair', CERTIFICATE, KEY, undefined],
  ['with text around', `subject=/CN=a\n${CERTIFICATE}`, `Key Attributes: <none>\n${KEY}`, undefined],
  ['with the line ends of Windows', CERTIFICATE.replace(/\n/g, '\r\n'), KEY, undefined],
  ['key with the label of another form', CERTIFICATE, KEY.replace(/PRIVATE/g, 'EC PRIVATE'), undefined],
  ['chain', CERTIFICATE + CERTIFICATE, KEY, undefined],
  ['empty', '', '', 'no-certificate'],
  ['one for the other', KEY, CERTIFICATE, 'no-certificate'],
  ['certificate as key', CERTIFICATE, CERTIFICATE, 'no-key'],
  ['indented', CERTIFICATE.replace(/^/gm, '  '), KEY, 'no-certificate'],
  ['on one line', CERTIFICATE.replace(/\n/g, ''), KEY, 'no-certificate'],
  ['no certificate in the block', pem('CERTIFICATE', KEY_BODY), KEY, 'invalid-certificate'],
  ['no key in the block', CERTIFICATE, pem('PRIVATE KEY', BODY), 'invalid-key'],
  ['encrypted key', CERTIFICATE, newKey('ed25519', 'x'), 'invalid-key'],
  ['key of an algorithm that Go does not know', CERTIFICATE, newKey('ed448'), 'invalid-key'],
  [
    'key of a curve that Go does not know',
    CERTIFICATE,
    ecKey.export({ type: 'sec1', format: 'pem' }).toString(),
    'invalid-key',
  ],
  ['another key', CERTIFICATE, newKey('ed25519'), 'mismatch'],
];

for (const [name, certificates, keys, fault] of pairs)
  test(`certificate and key: ${name}`, () => {
    assert.equal(keyPairFault(certificates, keys), fault);
  });
