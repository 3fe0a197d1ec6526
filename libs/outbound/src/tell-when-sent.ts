import { DecoratorHandler, type Dispatcher } from 'undici';

/** A dispatcher that tells when a request is about to be written to its connection: before that, nothing was sent. */
export function tellWhenSent(dispatcher: Dispatcher, onSent: () => void): Dispatcher {
  return dispatcher.compose((dispatch) => (options, handler) => {
    const telling = new DecoratorHandler(handler) as Dispatcher.DispatchHandler;
    const start = telling.onRequestStart?.bind(telling);
    telling.onRequestStart = (...args) => {
      onSent();
      start?.(...args);
    };
    return dispatch(options, telling);
  });
}
