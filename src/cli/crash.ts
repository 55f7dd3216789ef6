/** From now on, an error that nobody caught is told by `tell`, and the process ends with exit code 1; replaces what was said before. */
export function onCrash(tell: (error: Error) => void | Promise<void>): void {
  process.setUncaughtExceptionCaptureCallback(null);
  process.setUncaughtExceptionCaptureCallback((error) => {
    void Promise.resolve(tell(error)).finally(() => process.exit(1));
  });
}
