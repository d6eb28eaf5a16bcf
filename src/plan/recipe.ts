/**
 * @file From a recipe to its plan: what another thread is sent instead of windows.
 */
import { planAdaptive } from './adaptive.ts'
import { type AxisPlan, planAxis, planRuns, type Recipe } from './axis.ts'

export function planFrom(recipe: Recipe): AxisPlan {
  if (recipe.kind === 'sliding') return planAxis(recipe, recipe.countPadding)
  if (recipe.kind === 'adaptive') return planAdaptive(recipe.inSize, recipe.outSize)
  return planRuns(recipe.inSize, recipe.window, recipe.starts)
}
