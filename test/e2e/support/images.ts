/** The images of the scenarios. scripts/images/build.sh provides them. */
export const BUSYBOX = 'docker.io/library/busybox:1.36';
/** See scripts/images/podpose-test: it prints and serves its input, and exits at once on SIGTERM. */
export const TEST_IMAGE = 'localhost/podpose-test:1';
export const TEST_IMAGE_2 = 'localhost/podpose-test:2';

export const NEEDED_IMAGES = [
  BUSYBOX,
  TEST_IMAGE,
  TEST_IMAGE_2,
  'docker.io/library/debian:12',
  'docker.io/library/nginx:1.27',
  'docker.io/library/node:20',
  'docker.io/library/postgres:15',
  'docker.io/library/tomcat:10.1',
];
