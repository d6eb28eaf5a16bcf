/**
 * @file Keeps the page's files, so that it opens without a network; with one, the newest are taken. The build fills in the list.
 */
const files = ['./']
const version = 'dev'
const cache = `pool2d-${version}`

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(cache)
      .then((kept) => kept.addAll(files))
      .then(() => self.skipWaiting()),
  )
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith('pool2d-') && name !== cache))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})

self.addEventListener('fetch', (event) => {
  if (event.request.method !== 'GET' || !event.request.url.startsWith(self.registration.scope)) return
  event.respondWith(
    fetch(event.request).catch(async () => {
      /** Modules are asked for with an Origin, by which some servers vary; the bytes are the same. */
      const kept = await caches.match(event.request, { ignoreSearch: true, ignoreVary: true })
      return kept ?? Response.error()
    }),
  )
})
