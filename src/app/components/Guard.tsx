import { Component, type ReactNode } from 'react';
import styles from './Guard.module.css';

interface GuardProps {
  readonly name: string;
  readonly children: ReactNode;
}

/** Keeps an error in one panel from taking the others away. */
export class Guard extends Component<GuardProps, { readonly message: string | null }> {
  override state = { message: null };

  static getDerivedStateFromError(error: unknown): { message: string } {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    const { message } = this.state;
    if (message === null) return this.props.children;
    return (
      <div role="alert" className={styles.broken}>
        <p>
          <b>The {this.props.name} panel failed.</b> {message}
        </p>
        <button type="button" onClick={() => this.setState({ message: null })}>
          Show it again
        </button>
      </div>
    );
  }
}
