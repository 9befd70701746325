/**
 * valibot, under the name that its documentation gives it. All others import it from here: `import * as v from 'valibot'`
 * copies its 600 exports for every module that has it, which takes 1 ms each in each process that Nx starts.
 */
export * as v from 'valibot';
