/**
 * How the podman of the tests resolves the name of an image: to the name that it keeps it under, with a registry and a
 * tag. A name without a registry is looked up by its alias on docker.io first, then among what was built here. Of a tag
 * and a digest only the digest counts.
 */
export function imageNames(image: string): readonly string[] {
  const tagged = image.includes('@')
    ? image.replace(/:[\w.-]+(?=@)/, '')
    : /:[^/]*$/.test(image)
      ? image
      : `${image}:latest`;
  const first = tagged.split('/')[0] ?? '';
  const hasRegistry = tagged.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  if (hasRegistry) return [tagged.replace(/^docker\.io\/(?=[^/]+$)/, 'docker.io/library/')];
  const onDockerHub = tagged.includes('/') ? `docker.io/${tagged}` : `docker.io/library/${tagged}`;
  return [onDockerHub, `localhost/${tagged}`];
}
