/**
 * @file Moving pictures: of a camera, or drawn here.
 */

/** Why a camera gives no picture. */
export type CameraFault = 'denied' | 'missing' | 'busy' | 'unsupported' | 'ended'

const faults: Readonly<Record<string, CameraFault>> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'busy',
  AbortError: 'busy',
}

export class CameraError extends Error {
  readonly fault: CameraFault

  constructor(fault: CameraFault, cause?: unknown) {
    super(fault, { cause })
    this.fault = fault
  }
}

/** @throws CameraError */
export async function openCamera(): Promise<MediaStream> {
  /** Only pages of this machine and of https have it. */
  const devices = navigator.mediaDevices as MediaDevices | undefined
  if (devices === undefined) throw new CameraError('unsupported')
  try {
    return await devices.getUserMedia({ video: { width: { ideal: 640 }, facingMode: 'user' } })
  } catch (cause) {
    throw new CameraError(faults[(cause as Error).name] ?? 'unsupported', cause)
  }
}

const [width, height, discs] = [320, 240, 5]

/** A frame of a film: discs that move over stripes. */
export function drawFrame(canvas: HTMLCanvasElement, time: number): void {
  Object.assign(canvas, { width, height })
  const paint = canvas.getContext('2d')!
  paint.fillStyle = '#f4efe2'
  paint.fillRect(0, 0, width, height)
  paint.fillStyle = '#c9d8e6'
  for (let x = 0; x < width; x += 6) paint.fillRect(x, 0, 2, height)
  for (let i = 0; i < discs; i++) {
    const turn = time / 1200 + (i * 2 * Math.PI) / discs
    paint.fillStyle = `hsl(${i * 72} 70% 45%)`
    paint.beginPath()
    paint.arc(width / 2 + 100 * Math.cos(turn), height / 2 + 70 * Math.sin(2 * turn), 26, 0, 2 * Math.PI)
    paint.fill()
  }
}

/** The film, until its tracks are stopped. */
export function drawStream(): MediaStream {
  const canvas = document.createElement('canvas')
  drawFrame(canvas, 0)
  const stream = canvas.captureStream()
  const draw = (time: number): void => {
    if (stream.getTracks().every(({ readyState }) => readyState === 'ended')) return
    drawFrame(canvas, time)
    requestAnimationFrame(draw)
  }
  requestAnimationFrame(draw)
  return stream
}

export function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}

/** Resolves when the video shows another frame. */
export function nextFrame(video: HTMLVideoElement): Promise<unknown> {
  return new Promise((resolve) => {
    if ('requestVideoFrameCallback' in video) video.requestVideoFrameCallback(resolve)
    else requestAnimationFrame(resolve)
  })
}
