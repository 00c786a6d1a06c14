/** Whether this gateway should get traffic. Red from the first moment of a shutdown; no upstream is part of it. */
export class Health {
  private state: 'starting' | 'ready' | 'draining' = 'starting';

  get isReady(): boolean {
    return this.state === 'ready';
  }

  get isDraining(): boolean {
    return this.state === 'draining';
  }

  get status(): string {
    return this.state;
  }

  startUp(): void {
    this.state = 'ready';
  }

  drain(): void {
    this.state = 'draining';
  }
}
