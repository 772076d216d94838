/** Keeps a defect of one page from taking the whole site away: the frame stays, and says so. */
import { Component, type ReactNode } from "react";
import { ErrorBlock } from "../components/ErrorBlock";

const FAILED = new Error("This page has a defect and cannot be shown.");

export class PageBoundary extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    if (this.state.hasFailed) {
      return <ErrorBlock error={FAILED} onRetry={() => this.setState({ hasFailed: false })} />;
    }
    return this.props.children;
  }
}
