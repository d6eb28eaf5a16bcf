/**
 * @file A store by its location.
 */
import { resolve } from 'node:path'
import { fileStore } from './file-store.ts'
import { s3Store } from './s3-store.ts'
import type { Store } from './store.ts'

/** True for s3://BUCKET/PREFIX; other places are folders. */
export function isS3(place: string): boolean {
  return place.startsWith('s3://')
}

/** @param signal  a bucket that does not answer is not asked again after it */
export function openStore(location: string, signal?: AbortSignal): Store {
  return isS3(location) ? s3Store(location, { signal }) : fileStore(location)
}

/** A place as it may be opened from anywhere. */
export function absolute(place: string, folder = ''): string {
  return isS3(place) ? place.replace(/\/+$/, '') : resolve(folder, place)
}
