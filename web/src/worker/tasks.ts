/**
 * @file All that the worker does, by name: the library is called here and nowhere on the page's own thread.
 */
import { sceneOf } from '../../../src/render/scene.ts'
import { poolFrame } from '../model/camera.ts'
import { checkDifferences, gradientsOf } from '../model/gradients.ts'
import { cropPhoto, loadPhoto, loadSample, poolPhoto } from '../model/photo.ts'
import { pyramidsOf } from '../model/pyramid.ts'
import { readNpy, readText } from '../model/read-matrix.ts'
import { shapeReport } from '../model/shape-report.ts'
import { hashRace, prepareRace, runRace } from '../model/timing.ts'
import { tutorialExample } from '../model/tutorial.ts'
import {
  countRight,
  networkGradients,
  networkSamples,
  runNetwork,
  scoreTerms,
  shiftEffects,
  weightedTerms,
} from '../network/tasks.ts'

export const tasks = {
  scene: sceneOf,
  shape: shapeReport,
  gradients: gradientsOf,
  differences: checkDifferences,
  tutorial: tutorialExample,
  readText,
  readNpy,
  loadPhoto,
  loadSample,
  poolPhoto,
  cropPhoto,
  poolFrame,
  pyramidsOf,
  prepareRace,
  runRace,
  hashRace,
  networkSamples,
  runNetwork,
  networkGradients,
  shiftEffects,
  countRight,
  scoreTerms,
  weightedTerms,
}

export type Tasks = typeof tasks
export type TaskName = keyof Tasks

export interface Request {
  readonly id: number
  readonly name: TaskName
  readonly args: readonly unknown[]
}

export type Reply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string }
