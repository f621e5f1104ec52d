/**
 * Resolves an image name like the podman of the tests: to the stored name with a registry and a tag. A name without a
 * registry is looked up by its alias on docker.io first, then among locally built images. Of a tag and a digest, only
 * the digest counts.
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
