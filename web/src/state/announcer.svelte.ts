// What screen readers are told of things that change by themselves.
class Announcer {
  message = $state('');

  say(message: string): void {
    // The same words twice are told twice only if the region was empty in between.
    this.message = '';
    requestAnimationFrame(() => (this.message = message));
  }
}

export const announcer = new Announcer();
