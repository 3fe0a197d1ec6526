import { Component, type ComponentChildren } from 'preact';
import { ErrorState } from './ui/error-state.js';

interface Props {
  /** A new one clears the error: another page may work. */
  at: string;
  children: ComponentChildren;
}

/** A fault in one page leaves the navigation usable. */
export class ErrorBoundary extends Component<Props, { error?: unknown; at?: string }> {
  static override getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override componentDidUpdate(before: Props): void {
    if (before.at !== this.props.at && this.state.error !== undefined) this.setState({ error: undefined });
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <ErrorState
        error={error}
        title="This page has a fault"
        onRetry={() => this.setState({ error: undefined })}
      />
    );
  }
}
