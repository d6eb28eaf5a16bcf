/**
 * @file <pool2d-explorer>: the playground as a custom element, on its own page or in anyone's.
 *
 * Attributes: `state` is what follows `#` in the page's address; `view="stage"` leaves the panels out; `theme` is `light` or
 * `dark`, else the system's; `address` binds the element to the page's own address. It fires `change` with the state's text as `detail`.
 */
import { mount, unmount } from 'svelte'
import { bindAddress } from './app/address.ts'
import { Explorer } from './app/explorer.svelte.ts'
import { themes } from './app/preferences.ts'
import { styleSheet } from './style/index.ts'
import App from './views/App.svelte'

export class PoolExplorerElement extends HTMLElement {
  static readonly observedAttributes = ['state']
  #explorer: Explorer | null = null
  #leave: (() => void) | null = null

  connectedCallback(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' })
    root.adoptedStyleSheets = [styleSheet()]
    const isBound = this.hasAttribute('address')
    const text = isBound ? location.hash : (this.getAttribute('state') ?? '')
    const explorer = new Explorer(text, isBound)
    const theme = themes.find((each) => each === this.getAttribute('theme'))
    if (theme !== undefined) explorer.theme = theme
    const release = isBound ? bindAddress(explorer) : this.#announce(explorer)
    const app = mount(App, {
      target: root,
      props: { explorer, host: this, isPage: isBound, hasPanels: this.getAttribute('view') !== 'stage' },
    })
    this.#explorer = explorer
    this.#leave = () => {
      release()
      unmount(app)
      explorer.worker.close()
    }
  }

  disconnectedCallback(): void {
    this.#leave?.()
    this.#leave = null
    this.#explorer = null
    this.shadowRoot?.replaceChildren()
  }

  attributeChangedCallback(_name: string, _old: string | null, text: string | null): void {
    this.#explorer?.load(text ?? '')
  }

  #announce(explorer: Explorer): () => void {
    explorer.onchange = () => {
      this.dispatchEvent(new CustomEvent('change', { detail: explorer.text }))
    }
    return () => undefined
  }
}

if (!customElements.get('pool2d-explorer')) customElements.define('pool2d-explorer', PoolExplorerElement)
