// The view that is shown now. Links stay links: a click on one of ours changes the view without loading the page again.
import { address, parse, type Route } from '../router';

const here = (): Route => parse(location.pathname, location.search);

class Navigation {
  route = $state.raw<Route>(here());

  constructor() {
    addEventListener('popstate', () => (this.route = here()));
    document.addEventListener('click', (event) => this.#onClick(event));
  }

  go(route: Route): void {
    history.pushState(null, '', address(route));
    this.route = route;
  }

  /** For what the reader would not want to go back through. */
  replace(route: Route): void {
    history.replaceState(null, '', address(route));
    this.route = route;
  }

  #onClick(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null || !isPlain(event) || !isOurs(link)) return;
    event.preventDefault();
    const route = parse(link.pathname, link.search);
    const moved = route.view !== this.route.view;
    this.go(route);
    if (moved) scrollTo(0, 0);
  }
}

const isPlain = (event: MouseEvent): boolean =>
  event.button === 0 &&
  !event.defaultPrevented &&
  !event.metaKey &&
  !event.ctrlKey &&
  !event.shiftKey &&
  !event.altKey;

const isOurs = (link: HTMLAnchorElement): boolean =>
  link.origin === location.origin &&
  link.target === '' &&
  !link.hasAttribute('download') &&
  !link.getAttribute('href')?.startsWith('#') &&
  !/^\/(api|assets)\//.test(link.pathname);

export const navigation = new Navigation();
