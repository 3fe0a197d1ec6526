// Written by `npm run gen` from docs/openapi.json.

export interface paths {
  '/v1/tasks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists tasks, newest first */
    get: operations['listTasks'];
    put?: never;
    /**
     * Has a task done
     * @description Answered 202 as soon as the task is stored: from then on it is never lost. After a 503 nothing was done, or the answer was lost: with an Idempotency-Key, send it again as often as need be.
     */
    post: operations['createTask'];
    /**
     * Deletes ended tasks with their files
     * @description At least one condition is needed, and all that are given have to hold. One request treats at most 10,000 tasks: send it again while `more` is true.
     */
    delete: operations['deleteTasks'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/tasks/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Shows a task: state, progress, result or error */
    get: operations['getTask'];
    put?: never;
    post?: never;
    /** Deletes an ended task with its files */
    delete: operations['deleteTask'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/tasks/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Cancels tasks that have not ended
     * @description At least one condition is needed, and all that are given have to hold. One request treats at most 10,000 tasks: send it again while `more` is true.
     */
    post: operations['cancelTasks'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/tasks/retry': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Has failed (or cancelled) tasks run again
     * @description At least one condition is needed, and all that are given have to hold. One request treats at most 10,000 tasks: send it again while `more` is true.
     */
    post: operations['retryTasks'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/tasks/{id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Cancels a task that has not ended
     * @description At once, wherever it is: the signal of its handler fires within a second, and nothing of it is stored afterwards. Cancelling a cancelled task changes nothing and is answered 200, too.
     */
    post: operations['cancelTask'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/tasks/{id}/retry': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Has a failed or cancelled task run again, on demand with another input
     * @description Asked twice at the same moment it runs once: the second request gets a 409. What failed because of this task (`dependency-failed`) is not retried with it.
     */
    post: operations['retryTask'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/dead-letters': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists failed tasks with reason, stack, attempts and input, the newest task first */
    get: operations['listDeadLetters'];
    put?: never;
    post?: never;
    /**
     * Discards failed tasks
     * @description At least one condition is needed, and all that are given have to hold. One request treats at most 10,000 tasks: send it again while `more` is true.
     */
    delete: operations['discardDeadLetters'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/dead-letters/requeue': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Has failed tasks run again; one with an edited input: see retryTask
     * @description At least one condition is needed, and all that are given have to hold. One request treats at most 10,000 tasks: send it again while `more` is true.
     */
    post: operations['requeueDeadLetters'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/dead-letters/unreadable': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists messages that stand for no task, the newest first */
    get: operations['listUnreadableMessages'];
    put?: never;
    post?: never;
    /** Discards messages that stand for no task */
    delete: operations['discardUnreadableMessages'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/queues': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Shows what waits, what runs and who works, by task type */
    get: operations['listQueues'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/queues/{type}/pause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Has all workers of a type begin nothing more
     * @description What runs goes on; tasks are still taken in. It holds until it is resumed, over restarts, too.
     */
    post: operations['pauseQueue'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/queues/{type}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Has the workers of a paused type go on */
    post: operations['resumeQueue'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/schedules': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists schedules, newest first */
    get: operations['listSchedules'];
    put?: never;
    /**
     * Has a task made again and again
     * @description Any number of clocks make at most one task for each tick. In a daylight saving change a tick at one time of day that falls into the gap comes right after it, and one in the repeated hour comes once; ticks at intervals (`*`, lists, ranges) skip the gap and come in both hours. The input may not name tasks; an uploaded file that it names has to outlive the ticks. After a 503 the same request is safe: the name is taken if it was stored.
     */
    post: operations['createSchedule'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/schedules/preview': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Shows the ticks of a cron, and makes nothing
     * @description Any number of clocks make at most one task for each tick. In a daylight saving change a tick at one time of day that falls into the gap comes right after it, and one in the repeated hour comes once; ticks at intervals (`*`, lists, ranges) skip the gap and come in both hours.
     */
    post: operations['previewSchedule'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/schedules/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Shows a schedule */
    get: operations['getSchedule'];
    put?: never;
    post?: never;
    /** Deletes a schedule; its tasks stay */
    delete: operations['deleteSchedule'];
    options?: never;
    head?: never;
    /**
     * Changes a schedule
     * @description What is absent stays; null takes an optional field away. Another cron or time zone moves the next tick, reckoned from now. Tasks that were made already stay as they are.
     */
    patch: operations['changeSchedule'];
    trace?: never;
  };
  '/v1/schedules/{id}/runs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists the next ticks; none while it is paused */
    get: operations['listScheduleRuns'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/schedules/{id}/pause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Pauses a schedule: no tick makes a task */
    post: operations['pauseSchedule'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/schedules/{id}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Ends a pause; the ticks that fell into it stay missed */
    post: operations['resumeSchedule'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/schedules/{id}/run': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Makes a task now, whatever the ticks; also while paused
     * @description After a 503 nothing was done, or the answer was lost: look at its `lastTask`.
     */
    post: operations['runSchedule'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/feeds': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists subscriptions with what is unread, newest first */
    get: operations['listFeeds'];
    put?: never;
    /**
     * Subscribes to a feed
     * @description Nothing is fetched in the request: `task` names the task that does it. A feed is fetched once for all who subscribe to it. The same URL again is the same subscription, so repeating is safe.
     */
    post: operations['subscribe'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/feeds/opml': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** All subscriptions as OPML 2.0 */
    get: operations['exportOpml'];
    put?: never;
    /**
     * Subscribes to all feeds of an OPML document
     * @description Up to 10,000 feeds in 8 MiB, ill-formed documents as far as they go. Folders become tags. The feeds are fetched in the bulk lane. Repeating is safe.
     */
    post: operations['importOpml'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/feeds/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Shows a subscription */
    get: operations['getFeed'];
    put?: never;
    post?: never;
    /** Unsubscribes; what you have marked goes with it */
    delete: operations['unsubscribe'];
    options?: never;
    head?: never;
    /**
     * Changes a subscription
     * @description What is absent stays; null takes an optional field away.
     */
    patch: operations['changeFeed'];
    trace?: never;
  };
  '/v1/feeds/{id}/refresh': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Has a feed fetched now
     * @description Asked again while that task has not ended, it is the same task.
     */
    post: operations['refreshFeed'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/feeds/{id}/icon': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** An image of the site, 64 pixels at most */
    get: operations['getFeedIcon'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/feeds/{id}/entries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the entries of a feed
     * @description Newest first. No index knows what is read and what a text has in it: a page may be short, even empty, and still have a `next`.
     */
    get: operations['listFeedEntries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/feeds/{id}/read': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Marks what is there of a feed as read */
    post: operations['markFeedRead'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/entries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the entries of all your feeds, or of those with a tag
     * @description Newest first. No index knows what is read and what a text has in it: a page may be short, even empty, and still have a `next`.
     */
    get: operations['listEntries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/entries/read': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Marks what is there as read, of all feeds or of those with a tag */
    post: operations['markAllRead'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/entries/marks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Marks many entries as read, unread, starred or not */
    post: operations['markEntries'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/entries/{entry}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Shows an entry with its text */
    get: operations['getEntry'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /** Marks an entry as read, unread, starred or not */
    patch: operations['markEntry'];
    trace?: never;
  };
  '/v1/entries/{entry}/thumbnail': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The lead image of an entry, 320 by 180 pixels */
    get: operations['getEntryThumbnail'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/entries/{entry}/images': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Has the images of an entry fetched, when a reader opens it
     * @description Tasks fetch them and make them small, once for all readers; asked again, it says how far they are.
     */
    post: operations['fetchEntryImages'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/entries/{entry}/images/{image}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** An image of an entry, at most 1,200 pixels wide */
    get: operations['getEntryImage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/batches': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists batches, newest first */
    get: operations['listBatches'];
    put?: never;
    /**
     * Has up to 1000 tasks done: all are accepted, or none
     * @description Tasks of the batch name each other by `#ref`: in `after`, in a source `{task, file}` and in a reference `{task, pointer}`. They may not wait for each other in a circle. After a 503 nothing was accepted.
     */
    post: operations['createBatch'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/batches/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Shows a batch: how many of its tasks are in each state */
    get: operations['getBatch'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/batches/{id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Cancels those of its tasks that have not ended */
    post: operations['cancelBatch'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/files': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Uploads a file, to be the source of tasks
     * @description Streamed: send a form with one file, or the bytes themselves as the body. Kept for 7 days. A body that is cut off or too large leaves nothing behind.
     */
    post: operations['uploadFile'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/files/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Shows what is known of an upload */
    get: operations['getFile'];
    put?: never;
    post?: never;
    /**
     * Removes an upload before its time
     * @description A task that names it and has not read it yet fails with `file-not-found`.
     */
    delete: operations['deleteFile'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/files/{id}/content': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Downloads an upload */
    get: operations['getFileContent'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/tasks/{id}/files/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Downloads a file that a task made
     * @description There once the task has succeeded. It never changes, so it may be cached.
     */
    get: operations['getTaskFile'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Streams the tasks of the owner as they change (server-sent events)
     * @description A task is sent as it is now, not each step. `feed`: the feed of the subscription with this id has changed. `reset`: changes may be missing, list your tasks again. A comment comes every 15 seconds.
     */
    get: operations['watchTasks'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/tasks/{id}/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Streams a task as it is and each time it changes, until it has ended (server-sent events) */
    get: operations['watchTask'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/batches/{id}/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Streams a batch and its tasks as they change, until it is completed (server-sent events) */
    get: operations['watchBatch'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/keys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists keys, the newest first */
    get: operations['listKeys'];
    put?: never;
    /** Makes a key */
    post: operations['createKey'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/keys/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Shows a key, without the key itself */
    get: operations['getKey'];
    put?: never;
    post?: never;
    /** Revokes a key; it works nowhere any more after five seconds */
    delete: operations['deleteKey'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/keys/{id}/rotate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Makes a key that replaces another one, which stays valid for a while */
    post: operations['rotateKey'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/secrets': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists what your webhooks are signed with, without the secrets themselves */
    get: operations['listWebhookSecrets'];
    put?: never;
    /**
     * Makes a secret that webhooks are signed with
     * @description Callbacks name it; without a name, the one named `default` is meant.
     */
    post: operations['createWebhookSecret'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/secrets/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Shows a secret, without the secret itself */
    get: operations['getWebhookSecret'];
    put?: never;
    post?: never;
    /** Deletes a secret; webhooks that name it are not sent any more */
    delete: operations['deleteWebhookSecret'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/secrets/{id}/rotate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Gives a secret a new value; those before sign beside it for a while */
    post: operations['rotateWebhookSecret'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/deliveries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists what was sent to callbacks, the newest first */
    get: operations['listWebhookDeliveries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/deliveries/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Shows a delivery with its attempts and payload */
    get: operations['getWebhookDelivery'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/deliveries/{id}/replay': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Sends a delivery again, at once, with the same webhook-id and payload */
    post: operations['replayWebhookDelivery'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/endpoints': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists the URLs that nothing is sent to any more, since they answered 410 */
    get: operations['listWebhookEndpoints'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/endpoints/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Shows a disabled URL */
    get: operations['getWebhookEndpoint'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/endpoints/{id}/enable': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Has a disabled URL sent to again; what was not sent meanwhile can be replayed */
    post: operations['enableWebhookEndpoint'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/workers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Shows every process that is alive, with its version and load
     * @description Each process shows itself every 5 s. One that was killed is silent after 12 s and gone from the list after five minutes; one that was stopped in order is gone at once.
     */
    get: operations['listWorkers'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/stats': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Shows what happened to tasks over time, and what is open now
     * @description Of all owners, kept for two days. Every process counts what it does and writes it down every 5 s, so the last seconds may be missing; what a process had not written when it was killed stays missing.
     */
    get: operations['getStats'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/healthz': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The process is alive */
    get: operations['getHealth'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/readyz': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Whether requests can be served
     * @description Needs the database only: without the broker, tasks are accepted and published when it is back.
     */
    get: operations['getReadiness'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/openapi.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** This document */
    get: operations['getOpenApi'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/asyncapi.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Exchanges, queues and messages, as AsyncAPI 3 */
    get: operations['getAsyncApi'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/docs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** This document, to be read and tried */
    get: operations['getDocs'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/docs/problems': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What /docs/errors was called before
     * @deprecated
     */
    get: operations['getProblems'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/docs/errors': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Every error, by its code */
    get: operations['getErrors'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export interface webhooks {
  task: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * A task has ended
     * @description Signed as Standard Webhooks says (https://www.standardwebhooks.com); see docs/webhooks.md.
     */
    post: operations['onTask'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  batch: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * All tasks of a batch have ended
     * @description Signed as Standard Webhooks says (https://www.standardwebhooks.com); see docs/webhooks.md.
     */
    post: operations['onBatch'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export interface components {
  schemas: {
    /** @description A task to be done. `type` says what; `input` is its own. */
    NewTask:
      | components['schemas']['NewSystemEchoTask']
      | components['schemas']['NewFeedFetchTask']
      | components['schemas']['NewHttpFetchTask']
      | components['schemas']['NewImageResizeTask']
      | components['schemas']['NewS3UploadTask'];
    /** @description Returns its message, on demand after a delay or with an error. */
    NewSystemEchoTask: {
      /**
       * @description bulk: for backlogs, so that they delay nobody who waits for an answer
       * @default interactive
       */
      lane?: components['schemas']['Lane'];
      /**
       * Format: date-time
       * @description Not before then; at most a year ahead, and in the past it means now
       */
      runAt?: string;
      /** @description Instead of runAt: not before so many milliseconds */
      delayMs?: number;
      /** @description Time limit of one attempt in milliseconds; at most the type's own, which is the default */
      timeoutMs?: number;
      /**
       * Format: date-time
       * @description A task not begun by then fails as `expired`; at most two years ahead
       */
      expiresAt?: string;
      /** @description Instead of expiresAt: milliseconds from now on */
      expiresInMs?: number;
      /** @description Attempts in all; the default is the type's own */
      maxAttempts?: number;
      /** @description Tasks of yours that have to succeed first; if one does not, this one fails */
      after?: string[];
      /** @description For you to find and treat tasks together */
      tags?: string[];
      /** @description Who is told of its end */
      callback?: components['schemas']['TaskCallback'];
      /** @description While a task of this type with this key has not ended, no other one is made: that one is answered, with `Existing-Task: unique` */
      unique?: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'system.echo';
      input: components['schemas']['SystemEchoInput'];
    };
    /** @enum {string} */
    Lane: 'interactive' | 'bulk';
    TaskCallback: {
      /**
       * Format: uri
       * @description Gets a signed POST for each event; only public addresses are reached
       * @example https://example.com/photo.jpg
       */
      url: string;
      /**
       * @description Which of your secrets signs: see POST /v1/webhooks/secrets
       * @default default
       */
      secretName?: string;
      /**
       * @description All ends by default
       * @default [
       *       "task.succeeded",
       *       "task.failed",
       *       "task.cancelled"
       *     ]
       */
      events?: ('task.succeeded' | 'task.failed' | 'task.cancelled')[];
    };
    /**
     * @example {
     *       "message": "hello"
     *     }
     */
    SystemEchoInput: {
      /**
       * @description Comes back in the result
       * @default
       */
      message?: string;
      /**
       * @description Works for so many milliseconds first
       * @default 0
       */
      delayMs?: number;
      /**
       * @description Fails: `permanent` ends the task at once, `transient` is tried again
       * @enum {string}
       */
      fail?: 'permanent' | 'transient';
      /** @description With fail: only the first so many attempts fail */
      failTimes?: number;
    };
    /** @description Fetches a feed (RSS, Atom or JSON Feed), or the feed of a web page, and returns its facts and newest entries. */
    NewFeedFetchTask: {
      /**
       * @description bulk: for backlogs, so that they delay nobody who waits for an answer
       * @default interactive
       */
      lane?: components['schemas']['Lane'];
      /**
       * Format: date-time
       * @description Not before then; at most a year ahead, and in the past it means now
       */
      runAt?: string;
      /** @description Instead of runAt: not before so many milliseconds */
      delayMs?: number;
      /** @description Time limit of one attempt in milliseconds; at most the type's own, which is the default */
      timeoutMs?: number;
      /**
       * Format: date-time
       * @description A task not begun by then fails as `expired`; at most two years ahead
       */
      expiresAt?: string;
      /** @description Instead of expiresAt: milliseconds from now on */
      expiresInMs?: number;
      /** @description Attempts in all; the default is the type's own */
      maxAttempts?: number;
      /** @description Tasks of yours that have to succeed first; if one does not, this one fails */
      after?: string[];
      /** @description For you to find and treat tasks together */
      tags?: string[];
      /** @description Who is told of its end */
      callback?: components['schemas']['TaskCallback'];
      /** @description While a task of this type with this key has not ended, no other one is made: that one is answered, with `Existing-Task: unique` */
      unique?: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'feed.fetch';
      input: components['schemas']['FeedFetchInput'];
    };
    /**
     * @example {
     *       "url": "https://www.debian.org/News/news"
     *     }
     */
    FeedFetchInput: {
      /**
       * Format: uri
       * @description The feed, or a web page that links to it
       * @example https://example.com/photo.jpg
       */
      url: string;
    };
    /** @description Calls a remote HTTP API and returns its answer as JSON or as a file. */
    NewHttpFetchTask: {
      /**
       * @description bulk: for backlogs, so that they delay nobody who waits for an answer
       * @default interactive
       */
      lane?: components['schemas']['Lane'];
      /**
       * Format: date-time
       * @description Not before then; at most a year ahead, and in the past it means now
       */
      runAt?: string;
      /** @description Instead of runAt: not before so many milliseconds */
      delayMs?: number;
      /** @description Time limit of one attempt in milliseconds; at most the type's own, which is the default */
      timeoutMs?: number;
      /**
       * Format: date-time
       * @description A task not begun by then fails as `expired`; at most two years ahead
       */
      expiresAt?: string;
      /** @description Instead of expiresAt: milliseconds from now on */
      expiresInMs?: number;
      /** @description Attempts in all; the default is the type's own */
      maxAttempts?: number;
      /** @description Tasks of yours that have to succeed first; if one does not, this one fails */
      after?: string[];
      /** @description For you to find and treat tasks together */
      tags?: string[];
      /** @description Who is told of its end */
      callback?: components['schemas']['TaskCallback'];
      /** @description While a task of this type with this key has not ended, no other one is made: that one is answered, with `Existing-Task: unique` */
      unique?: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'http.fetch';
      input: components['schemas']['HttpFetchInput'];
    };
    /**
     * @example {
     *       "url": "https://sources.debian.org/api/src/hello/",
     *       "pick": {
     *         "newest": "/versions/0/version"
     *       }
     *     }
     */
    HttpFetchInput: {
      /**
       * Format: uri
       * @example https://example.com/photo.jpg
       */
      url: string;
      /**
       * @default GET
       * @enum {string}
       */
      method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
      /** @description Added to the URL’s own; an array repeats its name */
      query?: {
        [key: string]: (string | number | boolean) | (string | number | boolean)[];
      };
      /**
       * @description Names and values in ASCII. Refused: Host, Content-Length and what else belongs to the connection. They are stored with the task in clear: credentials belong in `secrets`
       * @example {
       *       "Accept": "application/json"
       *     }
       */
      headers?: {
        [key: string]: string;
      };
      /** @description A Content-Type among `headers` outranks the one that its form implies */
      body?:
        | {
            json: unknown;
          }
        | {
            form: {
              [key: string]: (string | number | boolean) | (string | number | boolean)[];
            };
          }
        | {
            text: string;
            /** @default text/plain; charset=utf-8 */
            type?: string;
          };
      /** @description Names of secrets that the operator has bound to this host; they are added to the request */
      secrets?: string[];
      /**
       * @description Others fail as `http-<status>`
       * @default [
       *       "2xx"
       *     ]
       */
      acceptStatuses?: (number | string)[];
      /** @default true */
      followRedirects?: boolean;
      /**
       * @description Sending it twice does no harm (a search by POST, say): it is retried like a GET
       * @default false
       */
      repeatable?: boolean;
      /**
       * @description Sends the task’s id as Idempotency-Key, the same at each attempt; it is then retried
       * @enum {string}
       */
      idempotencyKey?: 'task';
      /**
       * @description auto: JSON that fits stands in the result, all else is a file
       * @default auto
       * @enum {string}
       */
      as?: 'auto' | 'json' | 'text' | 'file';
      /** @description What of the JSON stands in the result: one JSON pointer, or several by name */
      pick?:
        | string
        | {
            [key: string]: string;
          };
      /** @description `response` with an ending by its type, by default */
      fileName?: string;
      /** @description Collects the items of several pages */
      pages?: {
        /** @description `link`: the Link header’s rel="next" (RFC 8288). The end: none, null, empty, or the same again */
        next:
          | 'link'
          | {
              /** @description Where the next page’s URL stands; it may be relative */
              url: string;
            }
          | {
              /** @description Where the next cursor stands */
              cursor: string;
              /** @description The query parameter that takes it */
              query: string;
            }
          | {
              /** @description Where the next cursor stands */
              cursor: string;
              /** @description The member of the JSON body that takes it */
              body: string;
            };
        /**
         * @description The array of items in each page
         * @default
         */
        items?: string;
        /** @default 10 */
        max?: number;
        /**
         * @description The form of the items in a file
         * @default json
         * @enum {string}
         */
        file?: 'json' | 'ndjson';
      };
      /**
       * @description Of each request with its answer
       * @default 30000
       */
      timeoutMs?: number;
      /**
       * @description Of the answer, decoded; of all pages together
       * @default 104857600
       */
      maxBytes?: number;
    };
    /** @description Makes several variants (size, crop, format, quality, effects) of one image in one decode. */
    NewImageResizeTask: {
      /**
       * @description bulk: for backlogs, so that they delay nobody who waits for an answer
       * @default interactive
       */
      lane?: components['schemas']['Lane'];
      /**
       * Format: date-time
       * @description Not before then; at most a year ahead, and in the past it means now
       */
      runAt?: string;
      /** @description Instead of runAt: not before so many milliseconds */
      delayMs?: number;
      /** @description Time limit of one attempt in milliseconds; at most the type's own, which is the default */
      timeoutMs?: number;
      /**
       * Format: date-time
       * @description A task not begun by then fails as `expired`; at most two years ahead
       */
      expiresAt?: string;
      /** @description Instead of expiresAt: milliseconds from now on */
      expiresInMs?: number;
      /** @description Attempts in all; the default is the type's own */
      maxAttempts?: number;
      /** @description Tasks of yours that have to succeed first; if one does not, this one fails */
      after?: string[];
      /** @description For you to find and treat tasks together */
      tags?: string[];
      /** @description Who is told of its end */
      callback?: components['schemas']['TaskCallback'];
      /** @description While a task of this type with this key has not ended, no other one is made: that one is answered, with `Existing-Task: unique` */
      unique?: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'image.resize';
      input: components['schemas']['ImageResizeInput'];
    };
    /**
     * @example {
     *       "source": {
     *         "url": "https://www.debian.org/logos/openlogo-nd-100.png"
     *       },
     *       "variants": [
     *         {
     *           "width": 64,
     *           "format": "webp"
     *         },
     *         {
     *           "width": 32,
     *           "height": 32,
     *           "fit": "cover",
     *           "format": "jpeg",
     *           "quality": 85
     *         }
     *       ]
     *     }
     */
    ImageResizeInput: {
      source: components['schemas']['Source'];
      variants: {
        /** @description The file name; otherwise made from what is asked: w64.webp, w64-h32.jpg; auto has no extension */
        name?: string;
        /** @description Begins with what the operator configured under this name; what is given here wins */
        preset?: string;
        width?: number;
        height?: number;
        /**
         * @description How it fits when both sides are given: cover crops, contain adds a border (transparent; white in jpeg), inside and outside keep the shape, fill does not
         * @default inside
         * @enum {string}
         */
        fit?: 'cover' | 'contain' | 'inside' | 'outside' | 'fill';
        /**
         * @description What cover keeps and where contain puts the picture: one of nine places, `attention` (faces, skin, strong colours), `entropy` (detail), or a focal point {x, y} in shares of the sides from the upper left; `centre` by default
         * @default centre
         */
        position?:
          | (
              | 'centre'
              | 'center'
              | 'top'
              | 'bottom'
              | 'left'
              | 'right'
              | 'top-left'
              | 'top-right'
              | 'bottom-left'
              | 'bottom-right'
              | 'attention'
              | 'entropy'
            )
          | {
              x: number;
              y: number;
            };
        /**
         * @description The colour of a border; one that is opaque lies behind transparent parts, too. By default transparent, and white in jpeg
         * @example #ffffff
         */
        background?: string;
        /**
         * @description Small images are not enlarged unless asked for
         * @default false
         */
        enlarge?: boolean;
        /**
         * @description auto looks at the picture: jpeg for a photo, png for flat colours, webp for a photo with transparent parts and for an animation
         * @default webp
         * @enum {string}
         */
        format?: 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'auto';
        /** @description 1 to 100; by default 80, in avif 63 (which looks the same). Not used for gif, nor for png without colours */
        quality?: number;
        /** @description webp and avif only; png is lossless unless `colours` is given */
        lossless?: boolean;
        /** @description How hard the encoder tries: time for bytes. By default what suits the format; jpeg below 4: no mozjpeg */
        effort?: number;
        /** @description Shows up coarse first while it loads: jpeg (by default), png and gif (not by default) */
        progressive?: boolean;
        /** @description png and gif only: a palette of so many colours at most (gif: 256 by default) */
        colours?: number;
        /** @description jpeg, webp and avif only: the quality is lowered until the file has at most so many bytes */
        maxBytes?: number;
        /**
         * @description webp, gif and auto only: an animation stays one, up to 1000 frames; else one frame
         * @default false
         */
        animated?: boolean;
        /**
         * @description Which page or frame, from 0
         * @default 0
         */
        page?: number;
        /** @description A part of the picture as seen (EXIF orientation applied), in its pixels, before all that follows */
        crop?: {
          left: number;
          top: number;
          width: number;
          height: number;
        };
        /** @description Cuts off a border of one colour (that of the upper left pixel) */
        trim?: {
          /**
           * @description How far from the border colour
           * @default 10
           */
          threshold?: number;
        };
        /** @description Degrees clockwise, before resizing; other than by 90 it adds corners of the background colour */
        rotate?: number;
        /** @description Upside down */
        flip?: boolean;
        /** @description Left to right */
        flop?: boolean;
        /** @description Shades of grey */
        grayscale?: boolean;
        /** @description Sigma of a Gaussian, in pixels of the variant */
        blur?: number;
        /** @description Sigma, in pixels of the variant */
        sharpen?: number;
        /** @description Keeps EXIF's Copyright and Artist; all other metadata is dropped always */
        keepCopyright?: boolean;
        /** @description Keeps the colours and the profile of an RGB image with a profile, instead of converting to sRGB */
        keepProfile?: boolean;
      }[];
    };
    /** @description Where the bytes come from: a URL, an uploaded file, or another task's file. */
    Source:
      | {
          /**
           * Format: uri
           * @example https://example.com/photo.jpg
           */
          url: string;
        }
      | {
          /**
           * Format: uuid
           * @description The id that POST /v1/files answered
           */
          file: string;
        }
      | {
          /**
           * Format: uuid
           * @description A task of yours; this one waits until it has succeeded
           */
          task: string;
          /** @description The name of one of its files */
          file: string;
        };
    /** @description Streams a source, or several files of a task, to a bucket, checksummed end to end. */
    NewS3UploadTask: {
      /**
       * @description bulk: for backlogs, so that they delay nobody who waits for an answer
       * @default interactive
       */
      lane?: components['schemas']['Lane'];
      /**
       * Format: date-time
       * @description Not before then; at most a year ahead, and in the past it means now
       */
      runAt?: string;
      /** @description Instead of runAt: not before so many milliseconds */
      delayMs?: number;
      /** @description Time limit of one attempt in milliseconds; at most the type's own, which is the default */
      timeoutMs?: number;
      /**
       * Format: date-time
       * @description A task not begun by then fails as `expired`; at most two years ahead
       */
      expiresAt?: string;
      /** @description Instead of expiresAt: milliseconds from now on */
      expiresInMs?: number;
      /** @description Attempts in all; the default is the type's own */
      maxAttempts?: number;
      /** @description Tasks of yours that have to succeed first; if one does not, this one fails */
      after?: string[];
      /** @description For you to find and treat tasks together */
      tags?: string[];
      /** @description Who is told of its end */
      callback?: components['schemas']['TaskCallback'];
      /** @description While a task of this type with this key has not ended, no other one is made: that one is answered, with `Existing-Task: unique` */
      unique?: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 's3.upload';
      input: components['schemas']['S3UploadInput'];
    };
    /**
     * @example {
     *       "source": {
     *         "url": "https://www.debian.org/logos/openlogo-nd-100.png"
     *       },
     *       "bucket": "offload",
     *       "key": "examples/logo.png"
     *     }
     */
    S3UploadInput: {
      /** @description Where the bytes come from: a URL, an uploaded file, another task's file, or those of its files that a pattern names. */
      source:
        | {
            /**
             * Format: uri
             * @example https://example.com/photo.jpg
             */
            url: string;
          }
        | {
            /**
             * Format: uuid
             * @description The id that POST /v1/files answered
             */
            file: string;
          }
        | {
            /**
             * Format: uuid
             * @description A task of yours; this one waits until it has succeeded
             */
            task: string;
            /** @description The name of one of its files */
            file: string;
          }
        | {
            /**
             * Format: uuid
             * @description A task of yours; this one waits until it has succeeded
             */
            task: string;
            /** @description Those of its files whose names fit this pattern, e.g. *.webp or {small,large}.* */
            files: string;
          };
      /** @description One of the operator's connections (S3_CONNECTIONS); the default one if absent */
      target?: string;
      /** @description One of the buckets that the operator allows for the target */
      bucket: string;
      /** @description The key, or a template of it: {name} {base} {ext} {sha256} {task} {yyyy} {mm} {dd}; see docs/uploads.md */
      key: string;
      /** @description Media type of the object; by default the source's own, or what its first bytes or its name tell */
      contentType?: string;
      /** @description e.g. attachment; filename="report.pdf" */
      contentDisposition?: string;
      /** @description e.g. gzip, of bytes that are compressed already */
      contentEncoding?: string;
      contentLanguage?: string;
      /** @description e.g. public, max-age=31536000, immutable */
      cacheControl?: string;
      /** @description Sent as x-amz-meta-*: names in lower case, 1,800 bytes in all */
      metadata?: {
        [key: string]: string;
      };
      /** @description At most 10; names of 1 to 128 and values of at most 256 characters */
      tags?: {
        [key: string]: string;
      };
      /** @description As the server names it, e.g. STANDARD_IA, INTELLIGENT_TIERING, GLACIER_IR */
      storageClass?: string;
      /** @description Server-side encryption; when the server does not confirm it, the task fails */
      encryption?: {
        /** @enum {string} */
        algorithm: 'AES256' | 'aws:kms' | 'aws:kms:dsse';
        /** @description With aws:kms: id, ARN or alias of the key */
        kmsKeyId?: string;
      };
      /**
       * @description never: fails with `exists` when other bytes stand at the key. if-match: replaces the object that has the ETag `ifMatch` and fails with `changed` when it is another. The same bytes are a success: `already-there`.
       * @default always
       * @enum {string}
       */
      overwrite?: 'always' | 'never' | 'if-match';
      /** @description With overwrite if-match: the ETag of the object to be replaced */
      ifMatch?: string;
      /** @description Puts a link into the result with which anybody can read the object */
      presign?: {
        /** @description How long the link works: at most 7 days, and never longer than the credentials */
        expiresInMs: number;
      };
    };
    /** @enum {string} */
    TaskState: 'blocked' | 'scheduled' | 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
    CancelTasks: {
      ids?: string[];
      /** @enum {string} */
      type?:
        | 'system.echo'
        | 'feed.fetch'
        | 'feed.refresh'
        | 'http.fetch'
        | 'image.resize'
        | 's3.upload'
        | 'webhook.send';
      tag?: string;
      /** Format: uuid */
      batch?: string;
      /**
       * Format: uuid
       * @description Made by this schedule
       */
      schedule?: string;
      /**
       * Format: date-time
       * @description From then on
       */
      createdAfter?: string;
      /**
       * Format: date-time
       * @description Not any more then
       */
      createdBefore?: string;
      /** @enum {string} */
      state?: 'blocked' | 'scheduled' | 'queued' | 'running';
    };
    RetryTasks: {
      ids?: string[];
      /** @enum {string} */
      type?:
        | 'system.echo'
        | 'feed.fetch'
        | 'feed.refresh'
        | 'http.fetch'
        | 'image.resize'
        | 's3.upload'
        | 'webhook.send';
      tag?: string;
      /** Format: uuid */
      batch?: string;
      /**
       * Format: uuid
       * @description Made by this schedule
       */
      schedule?: string;
      /**
       * Format: date-time
       * @description From then on
       */
      createdAfter?: string;
      /**
       * Format: date-time
       * @description Not any more then
       */
      createdBefore?: string;
      /**
       * @description The default is failed
       * @enum {string}
       */
      state?: 'failed' | 'cancelled';
      /** @description So many attempts more; the default is the type's own number */
      attempts?: number;
    };
    Retry: {
      /** @description Replaces the input; checked as that of a new task */
      input?: Record<string, never>;
      /** @description So many attempts more; the default is the type's own number */
      attempts?: number;
    };
    RequeueDeadLetters: {
      ids?: string[];
      /** @enum {string} */
      type?:
        | 'system.echo'
        | 'feed.fetch'
        | 'feed.refresh'
        | 'http.fetch'
        | 'image.resize'
        | 's3.upload'
        | 'webhook.send';
      /** @description The error's code, e.g. timeout */
      code?: string;
      tag?: string;
      /**
       * Format: date-time
       * @description Failed from then on
       */
      since?: string;
      /**
       * Format: date-time
       * @description Failed before then
       */
      until?: string;
      /** @description So many attempts more; the default is the type's own number */
      attempts?: number;
    };
    /** @description Recurring work: at each tick a task of `type` with `input` is made. */
    NewSchedule:
      | components['schemas']['NewSystemEchoSchedule']
      | components['schemas']['NewFeedFetchSchedule']
      | components['schemas']['NewHttpFetchSchedule']
      | components['schemas']['NewImageResizeSchedule']
      | components['schemas']['NewS3UploadSchedule'];
    /** @description Returns its message, on demand after a delay or with an error. */
    NewSystemEchoSchedule: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'system.echo';
      input: components['schemas']['SystemEchoInput'];
      /** @description Unique among your schedules */
      name: string;
      /**
       * @description 5 fields (minute, hour, day of month, month, weekday), or 6 with seconds first; also @hourly, @daily, …
       * @example 30 2 * * 1-5
       */
      cron: string;
      /**
       * @description IANA name; the fields of cron are local times there
       * @default UTC
       * @example Europe/Berlin
       */
      timeZone?: string;
      /**
       * @description Of its tasks
       * @default interactive
       */
      lane?: components['schemas']['Lane'];
      /** @description Time limit of one attempt in milliseconds; at most the type's own, which is the default */
      timeoutMs?: number;
      /** @description Attempts in all; the default is the type's own */
      maxAttempts?: number;
      /** @description For you to find and treat tasks together */
      tags?: string[];
      /** @description Who is told of the end of each of its tasks */
      callback?: components['schemas']['TaskCallback'];
      /**
       * @description What becomes of ticks that were missed (no clock ran for more than 30 s): nothing, one task for the last of them, or one for each, at most the last 1,000
       * @default latest
       * @enum {string}
       */
      catchUp?: 'none' | 'latest' | 'all';
      /**
       * @description skip: no task is made at a tick while an earlier one of this schedule has not ended
       * @default allow
       * @enum {string}
       */
      overlap?: 'allow' | 'skip';
      /** @default false */
      paused?: boolean;
    };
    /** @description Fetches a feed (RSS, Atom or JSON Feed), or the feed of a web page, and returns its facts and newest entries. */
    NewFeedFetchSchedule: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'feed.fetch';
      input: components['schemas']['FeedFetchInput'];
      /** @description Unique among your schedules */
      name: string;
      /**
       * @description 5 fields (minute, hour, day of month, month, weekday), or 6 with seconds first; also @hourly, @daily, …
       * @example 30 2 * * 1-5
       */
      cron: string;
      /**
       * @description IANA name; the fields of cron are local times there
       * @default UTC
       * @example Europe/Berlin
       */
      timeZone?: string;
      /**
       * @description Of its tasks
       * @default interactive
       */
      lane?: components['schemas']['Lane'];
      /** @description Time limit of one attempt in milliseconds; at most the type's own, which is the default */
      timeoutMs?: number;
      /** @description Attempts in all; the default is the type's own */
      maxAttempts?: number;
      /** @description For you to find and treat tasks together */
      tags?: string[];
      /** @description Who is told of the end of each of its tasks */
      callback?: components['schemas']['TaskCallback'];
      /**
       * @description What becomes of ticks that were missed (no clock ran for more than 30 s): nothing, one task for the last of them, or one for each, at most the last 1,000
       * @default latest
       * @enum {string}
       */
      catchUp?: 'none' | 'latest' | 'all';
      /**
       * @description skip: no task is made at a tick while an earlier one of this schedule has not ended
       * @default allow
       * @enum {string}
       */
      overlap?: 'allow' | 'skip';
      /** @default false */
      paused?: boolean;
    };
    /** @description Calls a remote HTTP API and returns its answer as JSON or as a file. */
    NewHttpFetchSchedule: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'http.fetch';
      input: components['schemas']['HttpFetchInput'];
      /** @description Unique among your schedules */
      name: string;
      /**
       * @description 5 fields (minute, hour, day of month, month, weekday), or 6 with seconds first; also @hourly, @daily, …
       * @example 30 2 * * 1-5
       */
      cron: string;
      /**
       * @description IANA name; the fields of cron are local times there
       * @default UTC
       * @example Europe/Berlin
       */
      timeZone?: string;
      /**
       * @description Of its tasks
       * @default interactive
       */
      lane?: components['schemas']['Lane'];
      /** @description Time limit of one attempt in milliseconds; at most the type's own, which is the default */
      timeoutMs?: number;
      /** @description Attempts in all; the default is the type's own */
      maxAttempts?: number;
      /** @description For you to find and treat tasks together */
      tags?: string[];
      /** @description Who is told of the end of each of its tasks */
      callback?: components['schemas']['TaskCallback'];
      /**
       * @description What becomes of ticks that were missed (no clock ran for more than 30 s): nothing, one task for the last of them, or one for each, at most the last 1,000
       * @default latest
       * @enum {string}
       */
      catchUp?: 'none' | 'latest' | 'all';
      /**
       * @description skip: no task is made at a tick while an earlier one of this schedule has not ended
       * @default allow
       * @enum {string}
       */
      overlap?: 'allow' | 'skip';
      /** @default false */
      paused?: boolean;
    };
    /** @description Makes several variants (size, crop, format, quality, effects) of one image in one decode. */
    NewImageResizeSchedule: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'image.resize';
      input: components['schemas']['ImageResizeInput'];
      /** @description Unique among your schedules */
      name: string;
      /**
       * @description 5 fields (minute, hour, day of month, month, weekday), or 6 with seconds first; also @hourly, @daily, …
       * @example 30 2 * * 1-5
       */
      cron: string;
      /**
       * @description IANA name; the fields of cron are local times there
       * @default UTC
       * @example Europe/Berlin
       */
      timeZone?: string;
      /**
       * @description Of its tasks
       * @default interactive
       */
      lane?: components['schemas']['Lane'];
      /** @description Time limit of one attempt in milliseconds; at most the type's own, which is the default */
      timeoutMs?: number;
      /** @description Attempts in all; the default is the type's own */
      maxAttempts?: number;
      /** @description For you to find and treat tasks together */
      tags?: string[];
      /** @description Who is told of the end of each of its tasks */
      callback?: components['schemas']['TaskCallback'];
      /**
       * @description What becomes of ticks that were missed (no clock ran for more than 30 s): nothing, one task for the last of them, or one for each, at most the last 1,000
       * @default latest
       * @enum {string}
       */
      catchUp?: 'none' | 'latest' | 'all';
      /**
       * @description skip: no task is made at a tick while an earlier one of this schedule has not ended
       * @default allow
       * @enum {string}
       */
      overlap?: 'allow' | 'skip';
      /** @default false */
      paused?: boolean;
    };
    /** @description Streams a source, or several files of a task, to a bucket, checksummed end to end. */
    NewS3UploadSchedule: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 's3.upload';
      input: components['schemas']['S3UploadInput'];
      /** @description Unique among your schedules */
      name: string;
      /**
       * @description 5 fields (minute, hour, day of month, month, weekday), or 6 with seconds first; also @hourly, @daily, …
       * @example 30 2 * * 1-5
       */
      cron: string;
      /**
       * @description IANA name; the fields of cron are local times there
       * @default UTC
       * @example Europe/Berlin
       */
      timeZone?: string;
      /**
       * @description Of its tasks
       * @default interactive
       */
      lane?: components['schemas']['Lane'];
      /** @description Time limit of one attempt in milliseconds; at most the type's own, which is the default */
      timeoutMs?: number;
      /** @description Attempts in all; the default is the type's own */
      maxAttempts?: number;
      /** @description For you to find and treat tasks together */
      tags?: string[];
      /** @description Who is told of the end of each of its tasks */
      callback?: components['schemas']['TaskCallback'];
      /**
       * @description What becomes of ticks that were missed (no clock ran for more than 30 s): nothing, one task for the last of them, or one for each, at most the last 1,000
       * @default latest
       * @enum {string}
       */
      catchUp?: 'none' | 'latest' | 'all';
      /**
       * @description skip: no task is made at a tick while an earlier one of this schedule has not ended
       * @default allow
       * @enum {string}
       */
      overlap?: 'allow' | 'skip';
      /** @default false */
      paused?: boolean;
    };
    SchedulePreview: {
      /**
       * @description 5 fields (minute, hour, day of month, month, weekday), or 6 with seconds first; also @hourly, @daily, …
       * @example 30 2 * * 1-5
       */
      cron: string;
      /**
       * @description IANA name; the fields of cron are local times there
       * @default UTC
       * @example Europe/Berlin
       */
      timeZone?: string;
      /** @default 10 */
      count?: number;
    };
    SchedulePatch: {
      /** @description Unique among your schedules */
      name?: string;
      /** @description As a whole; checked as that of a new task */
      input?: Record<string, never>;
      /**
       * @description 5 fields (minute, hour, day of month, month, weekday), or 6 with seconds first; also @hourly, @daily, …
       * @example 30 2 * * 1-5
       */
      cron?: string;
      timeZone?: string;
      lane?: components['schemas']['Lane'];
      timeoutMs?: number | null;
      maxAttempts?: number | null;
      tags?: string[] | null;
      callback?: components['schemas']['TaskCallback'] | null;
      /**
       * @description What becomes of ticks that were missed (no clock ran for more than 30 s): nothing, one task for the last of them, or one for each, at most the last 1,000
       * @enum {string}
       */
      catchUp?: 'none' | 'latest' | 'all';
      /**
       * @description skip: no task is made at a tick while an earlier one of this schedule has not ended
       * @enum {string}
       */
      overlap?: 'allow' | 'skip';
      paused?: boolean;
    };
    NewFeed: {
      /**
       * Format: uri
       * @description The feed, or a web page that links to it
       * @example https://example.com/photo.jpg
       */
      url: string;
      /** @description Instead of the feed's own */
      title?: string;
      /** @description Folders, labels */
      tags?: string[];
    };
    FeedPatch: {
      /**
       * Format: uri
       * @description Another feed: one of `found`, or where it has gone to
       * @example https://example.com/photo.jpg
       */
      url?: string;
      title?: string | null;
      tags?: string[] | null;
    };
    ReadThrough: {
      /**
       * Format: date-time
       * @description Entries first seen by then; now when absent. Later ones stay unread
       */
      before?: string;
    };
    ReadThroughAll: {
      /**
       * Format: date-time
       * @description Entries first seen by then; now when absent. Later ones stay unread
       */
      before?: string;
      /** @description Of the feeds with this tag only */
      tag?: string;
    };
    EntriesMarking: {
      entries: string[];
      read?: boolean;
      starred?: boolean;
    };
    EntryMarking: {
      read?: boolean;
      starred?: boolean;
    };
    /**
     * @example {
     *       "tasks": [
     *         {
     *           "ref": "thumbs",
     *           "type": "image.resize",
     *           "input": {
     *             "source": {
     *               "url": "https://example.com/photo.jpg"
     *             },
     *             "variants": [
     *               {
     *                 "name": "small.webp",
     *                 "width": 64
     *               }
     *             ]
     *           }
     *         },
     *         {
     *           "ref": "up",
     *           "type": "s3.upload",
     *           "input": {
     *             "source": {
     *               "task": "#thumbs",
     *               "file": "small.webp"
     *             },
     *             "bucket": "offload",
     *             "key": "small.webp"
     *           }
     *         },
     *         {
     *           "type": "system.echo",
     *           "input": {
     *             "message": {
     *               "task": "#up",
     *               "pointer": "/etag"
     *             }
     *           },
     *           "after": [
     *             "#thumbs"
     *           ]
     *         }
     *       ]
     *     }
     */
    NewBatch: {
      /** @description Each as for POST /v1/tasks, with a `ref` if others of the batch name it */
      tasks: ({
        /** @description Its name for the others of the batch, which write `#name` where a task’s id could stand */
        ref?: string;
        type: string;
      } & {
        [key: string]: unknown;
      })[];
      /** @description Of the batch and of each of its tasks */
      tags?: string[];
      /** @description Who is told when all of them have ended */
      callback?: components['schemas']['BatchCallback'];
    };
    BatchCallback: {
      /**
       * Format: uri
       * @description Gets a signed POST for each event; only public addresses are reached
       * @example https://example.com/photo.jpg
       */
      url: string;
      /**
       * @description Which of your secrets signs: see POST /v1/webhooks/secrets
       * @default default
       */
      secretName?: string;
      /**
       * @description Those of tasks are about each task of the batch that has no callback of its own
       * @default [
       *       "batch.completed"
       *     ]
       */
      events?: ('task.succeeded' | 'task.failed' | 'task.cancelled' | 'batch.completed')[];
    };
    NewKey: {
      /** @description Whose tasks and files the key sees */
      owner: string;
      /** @description For people */
      name: string;
      /** @description submit makes and changes, read reads, operate does both and sees queues and dead letters, admin does all */
      roles: ('submit' | 'read' | 'operate' | 'admin')[];
      /**
       * Format: date-time
       * @description Not valid from then on; without it, until it is deleted
       */
      expiresAt?: string;
    };
    Rotation: {
      /**
       * @description Milliseconds that the old key stays valid
       * @default 86400000
       */
      overlapMs?: number;
    };
    NewWebhookSecret: {
      /**
       * @description What callbacks name it by
       * @default default
       */
      name?: string;
    };
    WebhookSecretRotation: {
      /**
       * @description Milliseconds for which the values before sign, too
       * @default 86400000
       */
      overlapMs?: number;
    };
    /** @enum {string} */
    WebhookDeliveryState: 'pending' | 'delivered' | 'failed' | 'not-sent';
    TaskWebhook: {
      /** @enum {string} */
      type: 'task.succeeded' | 'task.failed' | 'task.cancelled';
      /**
       * Format: date-time
       * @description When it ended
       */
      timestamp: string;
      data: {
        /** Format: uuid */
        id: string;
        type: string;
        state: components['schemas']['TaskState'];
        /** @description Attempts made */
        attempt: number;
        tags: string[];
        batch: string | null;
        schedule: string | null;
        /**
         * Format: date-time
         * @description RFC 3339, UTC
         */
        createdAt: string;
        startedAt: string | null;
        /**
         * Format: date-time
         * @description RFC 3339, UTC
         */
        endedAt: string;
        /** @description Why it failed */
        error: components['schemas']['TaskFailure'] | null;
        /** @description null without one, and when it is omitted */
        result: unknown;
        /** @description The result has more than 16384 bytes of JSON: read the task */
        resultOmitted: boolean;
        links: {
          /** @description The task’s path on this server */
          self: string;
        };
      };
    };
    TaskFailure: {
      code: string;
      message: string;
    };
    BatchWebhook: {
      /** @constant */
      type: 'batch.completed';
      /**
       * Format: date-time
       * @description When its last task had ended
       */
      timestamp: string;
      data: {
        /** Format: uuid */
        id: string;
        total: number;
        /** @description Its tasks by their states when this was written */
        counts: {
          [key: string]: number;
        };
        tags: string[];
        /**
         * Format: date-time
         * @description RFC 3339, UTC
         */
        createdAt: string;
        /**
         * Format: date-time
         * @description RFC 3339, UTC
         */
        completedAt: string;
        links: {
          self: string;
          tasks: string;
        };
      };
    };
    /** @description A task with its input, result and files. */
    Task:
      | components['schemas']['SystemEchoTask']
      | components['schemas']['FeedFetchTask']
      | components['schemas']['FeedRefreshTask']
      | components['schemas']['HttpFetchTask']
      | components['schemas']['ImageResizeTask']
      | components['schemas']['S3UploadTask']
      | components['schemas']['WebhookSendTask'];
    /** @description Returns its message, on demand after a delay or with an error. */
    SystemEchoTask: {
      /** Format: uuid */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'system.echo';
      state: components['schemas']['TaskState'];
      lane: components['schemas']['Lane'];
      /** @description Attempts begun so far */
      attempt: number;
      /** @description Attempts in all */
      attemptLimit: number;
      /** @description Time limit of one attempt, milliseconds */
      timeoutMs: number;
      tags: string[];
      /** @description Its unique key; null without one, and once it has ended */
      unique: string | null;
      progress: components['schemas']['Progress'] | null;
      /** @description Why it failed; while it is being retried, why the last attempt did */
      error: components['schemas']['TaskFailure'] | null;
      /** @description The schedule that made it, and the tick; null without one */
      schedule: {
        /** Format: uuid */
        id: string;
        /**
         * Format: date-time
         * @description RFC 3339, UTC
         */
        tick: string;
      } | null;
      /** @description Tasks that have to succeed first */
      waitsFor: string[];
      /** @description The batch that it is part of */
      batch: string | null;
      /** @description Who is told of its end: GET /v1/webhooks/deliveries?task={id} */
      callback: components['schemas']['TaskCallbackOutput'] | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      changedAt: string;
      /** @description While scheduled: when it is published to its queue */
      dueAt: string | null;
      /** @description While queued or running: when the broker had it */
      queuedAt: string | null;
      /** @description When the last attempt began */
      startedAt: string | null;
      endedAt: string | null;
      /** @description Not begun by then, it fails as `expired` */
      expiresAt: string | null;
      /** @description When the ended task and its files are removed */
      keptUntil: string | null;
      links: {
        self: string;
      };
      input: components['schemas']['SystemEchoAcceptedInput'];
      /** @description null until it has succeeded */
      result: components['schemas']['SystemEchoResult'] | null;
      /** @description Once it has succeeded: the files that it made */
      files: components['schemas']['StoredFile'][];
      /** @description As far as the history goes, oldest first */
      attempts: components['schemas']['Attempt'][];
      /** @description Its last 50 moves, oldest first */
      history: components['schemas']['Move'][];
    };
    Progress: {
      done: number;
      total: number | null;
      note: string | null;
    };
    SystemEchoResult: {
      message: string;
      /** @description The attempt that succeeded, from 1 */
      attempt: number;
    };
    StoredFile: {
      name: string;
      /** @description Media type */
      type: string;
      /** @description Bytes */
      size: number;
      /** @description Hex */
      sha256: string;
      /** @description Where its bytes are, relative to this server; asked with a key, it works for an hour without one */
      url: string;
    };
    Attempt: {
      worker: string;
      /** Format: date-time */
      startedAt: string;
      /** @description null while it runs */
      endedAt: string | null;
      /** @description The move that ended it */
      outcome: string | null;
      /** @description Of the error that ended it */
      code: string | null;
    };
    Move: {
      /** @description claim, retry, snooze, hand-back, take-over, lease-sweep, finish, fail, cancel, … */
      move: string;
      /** Format: date-time */
      at: string;
      /** @description Who began an attempt with it */
      worker: string | null;
      /** @description Of the error that caused it */
      code: string | null;
    };
    /** @description Fetches a feed (RSS, Atom or JSON Feed), or the feed of a web page, and returns its facts and newest entries. */
    FeedFetchTask: {
      /** Format: uuid */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'feed.fetch';
      state: components['schemas']['TaskState'];
      lane: components['schemas']['Lane'];
      /** @description Attempts begun so far */
      attempt: number;
      /** @description Attempts in all */
      attemptLimit: number;
      /** @description Time limit of one attempt, milliseconds */
      timeoutMs: number;
      tags: string[];
      /** @description Its unique key; null without one, and once it has ended */
      unique: string | null;
      progress: components['schemas']['Progress'] | null;
      /** @description Why it failed; while it is being retried, why the last attempt did */
      error: components['schemas']['TaskFailure'] | null;
      /** @description The schedule that made it, and the tick; null without one */
      schedule: {
        /** Format: uuid */
        id: string;
        /**
         * Format: date-time
         * @description RFC 3339, UTC
         */
        tick: string;
      } | null;
      /** @description Tasks that have to succeed first */
      waitsFor: string[];
      /** @description The batch that it is part of */
      batch: string | null;
      /** @description Who is told of its end: GET /v1/webhooks/deliveries?task={id} */
      callback: components['schemas']['TaskCallbackOutput'] | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      changedAt: string;
      /** @description While scheduled: when it is published to its queue */
      dueAt: string | null;
      /** @description While queued or running: when the broker had it */
      queuedAt: string | null;
      /** @description When the last attempt began */
      startedAt: string | null;
      endedAt: string | null;
      /** @description Not begun by then, it fails as `expired` */
      expiresAt: string | null;
      /** @description When the ended task and its files are removed */
      keptUntil: string | null;
      links: {
        self: string;
      };
      input: components['schemas']['FeedFetchInput'];
      /** @description null until it has succeeded */
      result: components['schemas']['FeedFetchResult'] | null;
      /** @description Once it has succeeded: the files that it made */
      files: components['schemas']['StoredFile'][];
      /** @description As far as the history goes, oldest first */
      attempts: components['schemas']['Attempt'][];
      /** @description Its last 50 moves, oldest first */
      history: components['schemas']['Move'][];
    };
    FeedFetchResult: {
      /**
       * @description html: a web page that links to several feeds; see `found`
       * @enum {string}
       */
      format: 'rss' | 'atom' | 'rdf' | 'json' | 'cdf' | 'html';
      /** @description The feed was ill-formed; what could be read was */
      recovered: boolean;
      /** @description Where it was found, after redirects */
      url: string;
      title: string;
      /** @description The site's page */
      link: string | null;
      description: string | null;
      language: string | null;
      author: string | null;
      /** @description As the feed says; UTC */
      updated: string | null;
      /** @description Small and square */
      icon: string | null;
      /** @description Logo or cover */
      image: string | null;
      /** @description How long the feed asks to be left alone (ttl, sy:updatePeriod) */
      refreshAfterMs: number | null;
      /** @description Hours of the day, UTC, in which it is not updated */
      skipHours: number[];
      /** @description The first 50, in the order of the feed */
      entries: components['schemas']['FeedEntry'][];
      /** @description Entries in all; they are in the file entries.json */
      total: number;
      /** @description The feeds of a web page that has several: fetch one of them. Else empty */
      found: {
        url: string;
        title: string | null;
        type: string | null;
      }[];
    };
    FeedEntry: {
      /** @description GUID, else URL, else a hash; unique within the feed */
      id: string;
      /** @description Plain text */
      title: string;
      link: string | null;
      /** @description Several are joined by commas */
      author: string | null;
      /** @description UTC; null when the feed does not say or is not readable */
      published: string | null;
      updated: string | null;
      /** @description Plain text, when the feed has one beside the content */
      summary: string | null;
      /** @description Sanitised HTML */
      html: string;
      /** @description The lead image: named by the feed, else the first of the content */
      image: string | null;
      categories: string[];
      enclosures: {
        url: string;
        type: string | null;
        bytes: number | null;
      }[];
      /** @description Of the first sound or film */
      durationMs: number | null;
      commentsUrl: string | null;
      commentCount: number | null;
      season: number | null;
      episode: number | null;
      chaptersUrl: string | null;
      transcripts: {
        url: string;
        type: string | null;
        language: string | null;
      }[];
    };
    /** @description Brings a subscribed feed up to date. Made by the system: subscribe with POST /v1/feeds. */
    FeedRefreshTask: {
      /** Format: uuid */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'feed.refresh';
      state: components['schemas']['TaskState'];
      lane: components['schemas']['Lane'];
      /** @description Attempts begun so far */
      attempt: number;
      /** @description Attempts in all */
      attemptLimit: number;
      /** @description Time limit of one attempt, milliseconds */
      timeoutMs: number;
      tags: string[];
      /** @description Its unique key; null without one, and once it has ended */
      unique: string | null;
      progress: components['schemas']['Progress'] | null;
      /** @description Why it failed; while it is being retried, why the last attempt did */
      error: components['schemas']['TaskFailure'] | null;
      /** @description The schedule that made it, and the tick; null without one */
      schedule: {
        /** Format: uuid */
        id: string;
        /**
         * Format: date-time
         * @description RFC 3339, UTC
         */
        tick: string;
      } | null;
      /** @description Tasks that have to succeed first */
      waitsFor: string[];
      /** @description The batch that it is part of */
      batch: string | null;
      /** @description Who is told of its end: GET /v1/webhooks/deliveries?task={id} */
      callback: components['schemas']['TaskCallbackOutput'] | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      changedAt: string;
      /** @description While scheduled: when it is published to its queue */
      dueAt: string | null;
      /** @description While queued or running: when the broker had it */
      queuedAt: string | null;
      /** @description When the last attempt began */
      startedAt: string | null;
      endedAt: string | null;
      /** @description Not begun by then, it fails as `expired` */
      expiresAt: string | null;
      /** @description When the ended task and its files are removed */
      keptUntil: string | null;
      links: {
        self: string;
      };
      input: components['schemas']['FeedRefreshInput'];
      /** @description null until it has succeeded */
      result: components['schemas']['FeedRefreshResult'] | null;
      /** @description Once it has succeeded: the files that it made */
      files: components['schemas']['StoredFile'][];
      /** @description As far as the history goes, oldest first */
      attempts: components['schemas']['Attempt'][];
      /** @description Its last 50 moves, oldest first */
      history: components['schemas']['Move'][];
    };
    /**
     * @example {
     *       "feed": "01936f1e-7c00-7000-8000-000000000000",
     *       "full": false
     *     }
     */
    FeedRefreshInput: {
      /**
       * Format: uuid
       * @description The feed, which all its subscribers share
       */
      feed: string;
      /**
       * Format: date-time
       * @description A check of the feed that began later will do: it is not fetched again
       */
      since?: string;
      /**
       * @description Without conditions, though the origin may say 304
       * @default false
       */
      full: boolean;
    };
    FeedRefreshResult: {
      /**
       * @description choose: the page links to several feeds; merged: it has moved to where another feed of ours is; ended: the origin says that it is gone for good; failing: see error; checked-already: by another task; unused: nobody subscribes to it any more
       * @enum {string}
       */
      outcome:
        'updated' | 'unchanged' | 'choose' | 'merged' | 'ended' | 'failing' | 'checked-already' | 'unused';
      /** @description New entries */
      added: number;
      /** @description Entries that were edited */
      changed: number;
      error: components['schemas']['TaskFailure'] | null;
      /** @description When it is fetched again; null: not until someone asks */
      nextAt: string | null;
    };
    /** @description Calls a remote HTTP API and returns its answer as JSON or as a file. */
    HttpFetchTask: {
      /** Format: uuid */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'http.fetch';
      state: components['schemas']['TaskState'];
      lane: components['schemas']['Lane'];
      /** @description Attempts begun so far */
      attempt: number;
      /** @description Attempts in all */
      attemptLimit: number;
      /** @description Time limit of one attempt, milliseconds */
      timeoutMs: number;
      tags: string[];
      /** @description Its unique key; null without one, and once it has ended */
      unique: string | null;
      progress: components['schemas']['Progress'] | null;
      /** @description Why it failed; while it is being retried, why the last attempt did */
      error: components['schemas']['TaskFailure'] | null;
      /** @description The schedule that made it, and the tick; null without one */
      schedule: {
        /** Format: uuid */
        id: string;
        /**
         * Format: date-time
         * @description RFC 3339, UTC
         */
        tick: string;
      } | null;
      /** @description Tasks that have to succeed first */
      waitsFor: string[];
      /** @description The batch that it is part of */
      batch: string | null;
      /** @description Who is told of its end: GET /v1/webhooks/deliveries?task={id} */
      callback: components['schemas']['TaskCallbackOutput'] | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      changedAt: string;
      /** @description While scheduled: when it is published to its queue */
      dueAt: string | null;
      /** @description While queued or running: when the broker had it */
      queuedAt: string | null;
      /** @description When the last attempt began */
      startedAt: string | null;
      endedAt: string | null;
      /** @description Not begun by then, it fails as `expired` */
      expiresAt: string | null;
      /** @description When the ended task and its files are removed */
      keptUntil: string | null;
      links: {
        self: string;
      };
      input: components['schemas']['HttpFetchAcceptedInput'];
      /** @description null until it has succeeded */
      result: components['schemas']['HttpFetchResult'] | null;
      /** @description Once it has succeeded: the files that it made */
      files: components['schemas']['StoredFile'][];
      /** @description As far as the history goes, oldest first */
      attempts: components['schemas']['Attempt'][];
      /** @description Its last 50 moves, oldest first */
      history: components['schemas']['Move'][];
    };
    HttpFetchResult: {
      status: number;
      /** @description Where it was found, after redirects; of the last page */
      url: string;
      redirects: number;
      /** @description Those worth having, names in lower case: validators, links, limits, … */
      headers: {
        [key: string]: string;
      };
      /** @description Media type */
      type: string | null;
      /** @description Of the body, decoded; of all pages */
      bytes: number;
      /** @description The document, or the items of all pages; absent when it is a file */
      json?: unknown;
      text?: string;
      /** @description What `pick` asked for: one value, or an object of them */
      picked?: unknown;
      /** @description Numbers that JavaScript cannot hold (integers beyond 2^53, beyond 1e308): given as strings */
      bigNumbers: number;
      file: {
        name: string;
        type: string;
        bytes: number;
        sha256: string;
      } | null;
      pages: {
        count: number;
        items: number;
        /** @description There were more pages than `max` */
        more: boolean;
        /** @description The URL or cursor of the next one */
        next: string | null;
      } | null;
    };
    /** @description Makes several variants (size, crop, format, quality, effects) of one image in one decode. */
    ImageResizeTask: {
      /** Format: uuid */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'image.resize';
      state: components['schemas']['TaskState'];
      lane: components['schemas']['Lane'];
      /** @description Attempts begun so far */
      attempt: number;
      /** @description Attempts in all */
      attemptLimit: number;
      /** @description Time limit of one attempt, milliseconds */
      timeoutMs: number;
      tags: string[];
      /** @description Its unique key; null without one, and once it has ended */
      unique: string | null;
      progress: components['schemas']['Progress'] | null;
      /** @description Why it failed; while it is being retried, why the last attempt did */
      error: components['schemas']['TaskFailure'] | null;
      /** @description The schedule that made it, and the tick; null without one */
      schedule: {
        /** Format: uuid */
        id: string;
        /**
         * Format: date-time
         * @description RFC 3339, UTC
         */
        tick: string;
      } | null;
      /** @description Tasks that have to succeed first */
      waitsFor: string[];
      /** @description The batch that it is part of */
      batch: string | null;
      /** @description Who is told of its end: GET /v1/webhooks/deliveries?task={id} */
      callback: components['schemas']['TaskCallbackOutput'] | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      changedAt: string;
      /** @description While scheduled: when it is published to its queue */
      dueAt: string | null;
      /** @description While queued or running: when the broker had it */
      queuedAt: string | null;
      /** @description When the last attempt began */
      startedAt: string | null;
      endedAt: string | null;
      /** @description Not begun by then, it fails as `expired` */
      expiresAt: string | null;
      /** @description When the ended task and its files are removed */
      keptUntil: string | null;
      links: {
        self: string;
      };
      input: components['schemas']['ImageResizeInput'];
      /** @description null until it has succeeded */
      result: components['schemas']['ImageResizeResult'] | null;
      /** @description Once it has succeeded: the files that it made */
      files: components['schemas']['StoredFile'][];
      /** @description As far as the history goes, oldest first */
      attempts: components['schemas']['Attempt'][];
      /** @description Its last 50 moves, oldest first */
      history: components['schemas']['Move'][];
    };
    ImageResizeResult: {
      source: {
        /** @description By content, not by name: jpeg, png, webp, avif, gif, tiff, svg */
        format: string;
        /** @description As seen, EXIF orientation applied */
        width: number;
        height: number;
        bytes: number;
        /** @description Pages or frames */
        pages: number;
        /** @description Whether it can be transparent */
        hasAlpha: boolean;
        /** @description The most common colour, #rrggbb: a placeholder while it loads */
        dominantColour: string;
        /** @description The same as a blurred picture: https://blurha.sh */
        blurhash: string;
      };
      variants: {
        /** @description Served under /v1/tasks/{id}/files/{file} */
        file: string;
        /** @enum {string} */
        format: 'jpeg' | 'png' | 'webp' | 'avif' | 'gif';
        /** @description Media type */
        type: string;
        width: number;
        height: number;
        /** @description 1, or more for an animation */
        frames: number;
        bytes: number;
        sha256: string;
      }[];
    };
    /** @description Streams a source, or several files of a task, to a bucket, checksummed end to end. */
    S3UploadTask: {
      /** Format: uuid */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 's3.upload';
      state: components['schemas']['TaskState'];
      lane: components['schemas']['Lane'];
      /** @description Attempts begun so far */
      attempt: number;
      /** @description Attempts in all */
      attemptLimit: number;
      /** @description Time limit of one attempt, milliseconds */
      timeoutMs: number;
      tags: string[];
      /** @description Its unique key; null without one, and once it has ended */
      unique: string | null;
      progress: components['schemas']['Progress'] | null;
      /** @description Why it failed; while it is being retried, why the last attempt did */
      error: components['schemas']['TaskFailure'] | null;
      /** @description The schedule that made it, and the tick; null without one */
      schedule: {
        /** Format: uuid */
        id: string;
        /**
         * Format: date-time
         * @description RFC 3339, UTC
         */
        tick: string;
      } | null;
      /** @description Tasks that have to succeed first */
      waitsFor: string[];
      /** @description The batch that it is part of */
      batch: string | null;
      /** @description Who is told of its end: GET /v1/webhooks/deliveries?task={id} */
      callback: components['schemas']['TaskCallbackOutput'] | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      changedAt: string;
      /** @description While scheduled: when it is published to its queue */
      dueAt: string | null;
      /** @description While queued or running: when the broker had it */
      queuedAt: string | null;
      /** @description When the last attempt began */
      startedAt: string | null;
      endedAt: string | null;
      /** @description Not begun by then, it fails as `expired` */
      expiresAt: string | null;
      /** @description When the ended task and its files are removed */
      keptUntil: string | null;
      links: {
        self: string;
      };
      input: components['schemas']['S3UploadAcceptedInput'];
      /** @description null until it has succeeded */
      result: components['schemas']['S3UploadResult'] | null;
      /** @description Once it has succeeded: the files that it made */
      files: components['schemas']['StoredFile'][];
      /** @description As far as the history goes, oldest first */
      attempts: components['schemas']['Attempt'][];
      /** @description Its last 50 moves, oldest first */
      history: components['schemas']['Move'][];
    };
    S3UploadResult:
      | {
          /** @description The connection that was used */
          target: string;
          bucket: string;
          key: string;
          /** @description URL of the object; reading it needs permission */
          location: string;
          /** @description As S3 gives it, in double quotes */
          etag: string;
          /** @description In a bucket that keeps versions */
          versionId: string | null;
          bytes: number;
          /** @description Media type */
          type: string;
          /** @description Hex, of all bytes */
          sha256: string;
          /** @description 1: single PUT; more: multipart */
          parts: number;
          /**
           * @description already-there: the same bytes stood at the key, nothing was replaced
           * @enum {string}
           */
          status: 'uploaded' | 'already-there';
          /** @description On demand: a link with which anybody can read the object until then */
          presigned?: {
            url: string;
            /** Format: date-time */
            expiresAt: string;
          };
        }
      | {
          /** @description The connection that was used */
          target: string;
          bucket: string;
          /** @description Of all objects */
          bytes: number;
          objects: {
            /** @description The task's file */
            file: string;
            key: string;
            /** @description URL of the object; reading it needs permission */
            location: string;
            /** @description As S3 gives it, in double quotes */
            etag: string;
            /** @description In a bucket that keeps versions */
            versionId: string | null;
            bytes: number;
            /** @description Media type */
            type: string;
            /** @description Hex, of all bytes */
            sha256: string;
            /** @description 1: single PUT; more: multipart */
            parts: number;
            /**
             * @description already-there: the same bytes stood at the key, nothing was replaced
             * @enum {string}
             */
            status: 'uploaded' | 'already-there';
            /** @description On demand: a link with which anybody can read the object until then */
            presigned?: {
              url: string;
              /** Format: date-time */
              expiresAt: string;
            };
          }[];
        };
    /** @description Sends a webhook. Made by the system: give a task, batch or schedule a callback. */
    WebhookSendTask: {
      /** Format: uuid */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'webhook.send';
      state: components['schemas']['TaskState'];
      lane: components['schemas']['Lane'];
      /** @description Attempts begun so far */
      attempt: number;
      /** @description Attempts in all */
      attemptLimit: number;
      /** @description Time limit of one attempt, milliseconds */
      timeoutMs: number;
      tags: string[];
      /** @description Its unique key; null without one, and once it has ended */
      unique: string | null;
      progress: components['schemas']['Progress'] | null;
      /** @description Why it failed; while it is being retried, why the last attempt did */
      error: components['schemas']['TaskFailure'] | null;
      /** @description The schedule that made it, and the tick; null without one */
      schedule: {
        /** Format: uuid */
        id: string;
        /**
         * Format: date-time
         * @description RFC 3339, UTC
         */
        tick: string;
      } | null;
      /** @description Tasks that have to succeed first */
      waitsFor: string[];
      /** @description The batch that it is part of */
      batch: string | null;
      /** @description Who is told of its end: GET /v1/webhooks/deliveries?task={id} */
      callback: components['schemas']['TaskCallbackOutput'] | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      changedAt: string;
      /** @description While scheduled: when it is published to its queue */
      dueAt: string | null;
      /** @description While queued or running: when the broker had it */
      queuedAt: string | null;
      /** @description When the last attempt began */
      startedAt: string | null;
      endedAt: string | null;
      /** @description Not begun by then, it fails as `expired` */
      expiresAt: string | null;
      /** @description When the ended task and its files are removed */
      keptUntil: string | null;
      links: {
        self: string;
      };
      input: components['schemas']['WebhookSendInput'];
      /** @description null until it has succeeded */
      result: components['schemas']['WebhookSendResult'] | null;
      /** @description Once it has succeeded: the files that it made */
      files: components['schemas']['StoredFile'][];
      /** @description As far as the history goes, oldest first */
      attempts: components['schemas']['Attempt'][];
      /** @description Its last 50 moves, oldest first */
      history: components['schemas']['Move'][];
    };
    /**
     * @example {
     *       "delivery": "01936f1e-7c00-7000-8000-000000000000"
     *     }
     */
    WebhookSendInput: {
      /**
       * Format: uuid
       * @description The delivery, which has the payload
       */
      delivery: string;
    };
    WebhookSendResult: {
      /**
       * @description not-sent: see the delivery; superseded: the delivery has ended, is gone, or another task sends it
       * @enum {string}
       */
      outcome: 'delivered' | 'not-sent' | 'superseded';
      /** @description The receiver's */
      status: number | null;
    };
    /**
     * @example {
     *       "type": "/docs/errors#invalid-task",
     *       "title": "The task is not valid",
     *       "status": 422,
     *       "detail": "/input/variants/0/width is required.",
     *       "instance": "/v1/tasks",
     *       "code": "invalid-task",
     *       "requestId": "0f6c1a52-4c0e-4f1b-8f0e-0d6c2f0a7f11",
     *       "errors": [
     *         {
     *           "pointer": "/input/variants/0/width",
     *           "detail": "is required"
     *         }
     *       ]
     *     }
     */
    Problem: {
      /** @description Where the problem is described, relative to this server */
      type: string;
      title: string;
      status: number;
      /** @description What is wrong this time, and what to do */
      detail: string;
      /** @description The path that was asked for */
      instance: string;
      /**
       * @description Stable; for programs
       * @enum {string}
       */
      code:
        | 'malformed-json'
        | 'malformed-request'
        | 'malformed-idempotency-key'
        | 'idempotency-key-not-taken'
        | 'no-key'
        | 'invalid-key'
        | 'forbidden'
        | 'invalid-link'
        | 'cross-site'
        | 'not-found'
        | 'task-not-found'
        | 'batch-not-found'
        | 'queue-not-found'
        | 'file-not-found'
        | 'feed-not-found'
        | 'entry-not-found'
        | 'image-not-found'
        | 'image-not-ready'
        | 'image-unavailable'
        | 'schedule-not-found'
        | 'webhook-secret-not-found'
        | 'webhook-delivery-not-found'
        | 'webhook-endpoint-not-found'
        | 'key-not-found'
        | 'method-not-allowed'
        | 'not-acceptable'
        | 'request-timeout'
        | 'idempotency-key-busy'
        | 'already-ended'
        | 'not-ended'
        | 'unique-key-taken'
        | 'not-retryable'
        | 'schedule-exists'
        | 'schedule-changed'
        | 'schedule-running'
        | 'schedule-outdated'
        | 'feed-exists'
        | 'feed-busy'
        | 'too-many-feeds'
        | 'too-many-starred'
        | 'webhook-secret-exists'
        | 'too-many-webhook-secrets'
        | 'too-many-schedules'
        | 'too-large'
        | 'address-too-long'
        | 'wrong-content-type'
        | 'range-not-satisfiable'
        | 'wrong-host'
        | 'invalid-batch'
        | 'invalid-task'
        | 'idempotency-key-reused'
        | 'invalid-request'
        | 'invalid-query'
        | 'invalid-schedule'
        | 'invalid-opml'
        | 'invalid-file'
        | 'too-many-requests'
        | 'too-many-streams'
        | 'quota-exceeded'
        | 'headers-too-large'
        | 'internal'
        | 'store-unavailable'
        | 'overloaded'
        | 'storage-full';
      /** @description Finds the request in the log; also in X-Request-Id */
      requestId: string;
      /** @description One entry per fault */
      errors?: {
        /** @description JSON pointer into the body, e.g. /input/variants/0/width */
        pointer?: string;
        /** @description Name of a query parameter */
        parameter?: string;
        detail: string;
      }[];
    };
    TaskSummary: {
      /** Format: uuid */
      id: string;
      type: string;
      state: components['schemas']['TaskState'];
      lane: components['schemas']['Lane'];
      /** @description Attempts begun so far */
      attempt: number;
      /** @description Attempts in all */
      attemptLimit: number;
      /** @description Time limit of one attempt, milliseconds */
      timeoutMs: number;
      tags: string[];
      /** @description Its unique key; null without one, and once it has ended */
      unique: string | null;
      progress: components['schemas']['Progress'] | null;
      /** @description Why it failed; while it is being retried, why the last attempt did */
      error: components['schemas']['TaskFailure'] | null;
      /** @description The schedule that made it, and the tick; null without one */
      schedule: {
        /** Format: uuid */
        id: string;
        /**
         * Format: date-time
         * @description RFC 3339, UTC
         */
        tick: string;
      } | null;
      /** @description Tasks that have to succeed first */
      waitsFor: string[];
      /** @description The batch that it is part of */
      batch: string | null;
      /** @description Who is told of its end: GET /v1/webhooks/deliveries?task={id} */
      callback: components['schemas']['TaskCallbackOutput'] | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      changedAt: string;
      /** @description While scheduled: when it is published to its queue */
      dueAt: string | null;
      /** @description While queued or running: when the broker had it */
      queuedAt: string | null;
      /** @description When the last attempt began */
      startedAt: string | null;
      endedAt: string | null;
      /** @description Not begun by then, it fails as `expired` */
      expiresAt: string | null;
      /** @description When the ended task and its files are removed */
      keptUntil: string | null;
      links: {
        self: string;
      };
    };
    Handled: {
      /** @description Tasks that fitted the conditions and were looked at */
      matched: number;
      /** @description Tasks among them that it was done to; the others had moved on */
      done: number;
      /** @description Others that fit are left: send the same request again */
      more: boolean;
    };
    DeadLetter: {
      /**
       * Format: uuid
       * @description The task's
       */
      id: string;
      type: string;
      lane: components['schemas']['Lane'];
      code: string;
      message: string;
      /** @description Of the last error, as far as one was thrown */
      stack: string | null;
      /** @description Attempts begun */
      attempt: number;
      attemptLimit: number;
      /** @description As far as the history of the last moves goes, oldest first */
      attempts: components['schemas']['Attempt'][];
      input: unknown;
      tags: string[];
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      failedAt: string;
      /** @description When it is removed */
      keptUntil: string | null;
      links: {
        task: string;
        retry: string;
      };
    };
    UnreadableMessage: {
      /** Format: uuid */
      id: string;
      reason: string;
      /** Format: date-time */
      receivedAt: string;
      correlationId: string | null;
      type: string | null;
      /** @description Routing key */
      queue: string;
      /** @description The first 4 KiB, as text */
      body: string;
      /** @description Of the whole body */
      bytes: number;
    };
    Queue: {
      type: string;
      paused: boolean;
      /** @description When it was last paused or resumed */
      changedAt: string | null;
      lanes: {
        lane: components['schemas']['Lane'];
        queue: string;
        /** @description Messages that wait; null when the broker did not answer or the queue is not there yet */
        ready: number | null;
        /** @description Tasks that run, by the store: AMQP does not tell what is delivered and not acked */
        unacked: number;
        consumers: number | null;
        /** @description Counted by the processes themselves, over the minute before this one and this one so far */
        rates: {
          /** @description Tasks that were stored anew */
          acceptedPerSecond: number;
          /** @description Attempts that began: what was delivered and claimed */
          startedPerSecond: number;
          /** @description Attempts that ended in the hands of their worker: what was acked */
          endedPerSecond: number;
        };
      }[];
      /** @description Tasks that have not ended, by state */
      tasks: {
        blocked: number;
        scheduled: number;
        queued: number;
        running: number;
      };
    };
    QueueSwitch: {
      type: string;
      paused: boolean;
      /** @description When it was last paused or resumed */
      changedAt: string | null;
    };
    /** @description A schedule with its input. */
    Schedule:
      | components['schemas']['SystemEchoSchedule']
      | components['schemas']['FeedFetchSchedule']
      | components['schemas']['HttpFetchSchedule']
      | components['schemas']['ImageResizeSchedule']
      | components['schemas']['S3UploadSchedule'];
    /** @description Returns its message, on demand after a delay or with an error. */
    SystemEchoSchedule: {
      /** Format: uuid */
      id: string;
      name: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'system.echo';
      cron: string;
      timeZone: string;
      lane: components['schemas']['Lane'];
      /** @description null: the type's own */
      timeoutMs: number | null;
      /** @description null: the type's own */
      maxAttempts: number | null;
      tags: string[];
      callback: components['schemas']['TaskCallbackOutput'] | null;
      /**
       * @description What becomes of ticks that were missed (no clock ran for more than 30 s): nothing, one task for the last of them, or one for each, at most the last 1,000
       * @enum {string}
       */
      catchUp: 'none' | 'latest' | 'all';
      /**
       * @description skip: no task is made at a tick while an earlier one of this schedule has not ended
       * @enum {string}
       */
      overlap: 'allow' | 'skip';
      paused: boolean;
      /** @description The next tick; null while paused */
      nextAt: string | null;
      /** @description The last tick that made a task, or when one was made by hand */
      lastAt: string | null;
      /** @description That task */
      lastTask: string | null;
      /** @description Why its tasks cannot be made at present */
      error: components['schemas']['TaskFailure'] | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description By people
       */
      changedAt: string;
      links: {
        self: string;
        runs: string;
      };
      input: components['schemas']['SystemEchoAcceptedInput'];
    };
    /** @description Fetches a feed (RSS, Atom or JSON Feed), or the feed of a web page, and returns its facts and newest entries. */
    FeedFetchSchedule: {
      /** Format: uuid */
      id: string;
      name: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'feed.fetch';
      cron: string;
      timeZone: string;
      lane: components['schemas']['Lane'];
      /** @description null: the type's own */
      timeoutMs: number | null;
      /** @description null: the type's own */
      maxAttempts: number | null;
      tags: string[];
      callback: components['schemas']['TaskCallbackOutput'] | null;
      /**
       * @description What becomes of ticks that were missed (no clock ran for more than 30 s): nothing, one task for the last of them, or one for each, at most the last 1,000
       * @enum {string}
       */
      catchUp: 'none' | 'latest' | 'all';
      /**
       * @description skip: no task is made at a tick while an earlier one of this schedule has not ended
       * @enum {string}
       */
      overlap: 'allow' | 'skip';
      paused: boolean;
      /** @description The next tick; null while paused */
      nextAt: string | null;
      /** @description The last tick that made a task, or when one was made by hand */
      lastAt: string | null;
      /** @description That task */
      lastTask: string | null;
      /** @description Why its tasks cannot be made at present */
      error: components['schemas']['TaskFailure'] | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description By people
       */
      changedAt: string;
      links: {
        self: string;
        runs: string;
      };
      input: components['schemas']['FeedFetchInput'];
    };
    /** @description Calls a remote HTTP API and returns its answer as JSON or as a file. */
    HttpFetchSchedule: {
      /** Format: uuid */
      id: string;
      name: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'http.fetch';
      cron: string;
      timeZone: string;
      lane: components['schemas']['Lane'];
      /** @description null: the type's own */
      timeoutMs: number | null;
      /** @description null: the type's own */
      maxAttempts: number | null;
      tags: string[];
      callback: components['schemas']['TaskCallbackOutput'] | null;
      /**
       * @description What becomes of ticks that were missed (no clock ran for more than 30 s): nothing, one task for the last of them, or one for each, at most the last 1,000
       * @enum {string}
       */
      catchUp: 'none' | 'latest' | 'all';
      /**
       * @description skip: no task is made at a tick while an earlier one of this schedule has not ended
       * @enum {string}
       */
      overlap: 'allow' | 'skip';
      paused: boolean;
      /** @description The next tick; null while paused */
      nextAt: string | null;
      /** @description The last tick that made a task, or when one was made by hand */
      lastAt: string | null;
      /** @description That task */
      lastTask: string | null;
      /** @description Why its tasks cannot be made at present */
      error: components['schemas']['TaskFailure'] | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description By people
       */
      changedAt: string;
      links: {
        self: string;
        runs: string;
      };
      input: components['schemas']['HttpFetchAcceptedInput'];
    };
    /** @description Makes several variants (size, crop, format, quality, effects) of one image in one decode. */
    ImageResizeSchedule: {
      /** Format: uuid */
      id: string;
      name: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'image.resize';
      cron: string;
      timeZone: string;
      lane: components['schemas']['Lane'];
      /** @description null: the type's own */
      timeoutMs: number | null;
      /** @description null: the type's own */
      maxAttempts: number | null;
      tags: string[];
      callback: components['schemas']['TaskCallbackOutput'] | null;
      /**
       * @description What becomes of ticks that were missed (no clock ran for more than 30 s): nothing, one task for the last of them, or one for each, at most the last 1,000
       * @enum {string}
       */
      catchUp: 'none' | 'latest' | 'all';
      /**
       * @description skip: no task is made at a tick while an earlier one of this schedule has not ended
       * @enum {string}
       */
      overlap: 'allow' | 'skip';
      paused: boolean;
      /** @description The next tick; null while paused */
      nextAt: string | null;
      /** @description The last tick that made a task, or when one was made by hand */
      lastAt: string | null;
      /** @description That task */
      lastTask: string | null;
      /** @description Why its tasks cannot be made at present */
      error: components['schemas']['TaskFailure'] | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description By people
       */
      changedAt: string;
      links: {
        self: string;
        runs: string;
      };
      input: components['schemas']['ImageResizeInput'];
    };
    /** @description Streams a source, or several files of a task, to a bucket, checksummed end to end. */
    S3UploadSchedule: {
      /** Format: uuid */
      id: string;
      name: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 's3.upload';
      cron: string;
      timeZone: string;
      lane: components['schemas']['Lane'];
      /** @description null: the type's own */
      timeoutMs: number | null;
      /** @description null: the type's own */
      maxAttempts: number | null;
      tags: string[];
      callback: components['schemas']['TaskCallbackOutput'] | null;
      /**
       * @description What becomes of ticks that were missed (no clock ran for more than 30 s): nothing, one task for the last of them, or one for each, at most the last 1,000
       * @enum {string}
       */
      catchUp: 'none' | 'latest' | 'all';
      /**
       * @description skip: no task is made at a tick while an earlier one of this schedule has not ended
       * @enum {string}
       */
      overlap: 'allow' | 'skip';
      paused: boolean;
      /** @description The next tick; null while paused */
      nextAt: string | null;
      /** @description The last tick that made a task, or when one was made by hand */
      lastAt: string | null;
      /** @description That task */
      lastTask: string | null;
      /** @description Why its tasks cannot be made at present */
      error: components['schemas']['TaskFailure'] | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description By people
       */
      changedAt: string;
      links: {
        self: string;
        runs: string;
      };
      input: components['schemas']['S3UploadAcceptedInput'];
    };
    ScheduleSummary: {
      /** Format: uuid */
      id: string;
      name: string;
      type: string;
      cron: string;
      timeZone: string;
      lane: components['schemas']['Lane'];
      /** @description null: the type's own */
      timeoutMs: number | null;
      /** @description null: the type's own */
      maxAttempts: number | null;
      tags: string[];
      callback: components['schemas']['TaskCallbackOutput'] | null;
      /**
       * @description What becomes of ticks that were missed (no clock ran for more than 30 s): nothing, one task for the last of them, or one for each, at most the last 1,000
       * @enum {string}
       */
      catchUp: 'none' | 'latest' | 'all';
      /**
       * @description skip: no task is made at a tick while an earlier one of this schedule has not ended
       * @enum {string}
       */
      overlap: 'allow' | 'skip';
      paused: boolean;
      /** @description The next tick; null while paused */
      nextAt: string | null;
      /** @description The last tick that made a task, or when one was made by hand */
      lastAt: string | null;
      /** @description That task */
      lastTask: string | null;
      /** @description Why its tasks cannot be made at present */
      error: components['schemas']['TaskFailure'] | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description By people
       */
      changedAt: string;
      links: {
        self: string;
        runs: string;
      };
    };
    ScheduleRuns: {
      /** @description The next ticks, in their order */
      runs: string[];
    };
    Feed: {
      /**
       * Format: uuid
       * @description Of your subscription
       */
      id: string;
      /** @description Where it is fetched from; permanent redirects move it */
      url: string;
      /**
       * @description new: nothing was read yet; active: it is refreshed; choose: it is a page that links to several feeds, set `url` to one of `found`; ended: the origin says that it is gone for good, it is not fetched any more unless you ask
       * @enum {string}
       */
      state: 'new' | 'active' | 'choose' | 'ended';
      /** @description Yours, else its own; null until it was read */
      title: string | null;
      /** @description As the feed says */
      ownTitle: string | null;
      /** @description The site's page */
      link: string | null;
      description: string | null;
      language: string | null;
      format: string | null;
      tags: string[];
      /** @description Entries */
      unread: number;
      /** @description Feeds to choose from; empty otherwise */
      found: {
        url: string;
        title: string | null;
        type: string | null;
      }[];
      /** @description When it was last asked for */
      checkedAt: string | null;
      /** @description When entries were last added or edited */
      updatedAt: string | null;
      /** @description When it is asked for again; null: not until you say so */
      nextAt: string | null;
      /** @description Why it cannot be refreshed at present, since when, and after how many attempts in a row */
      failure: {
        code: string;
        message: string;
        /**
         * Format: date-time
         * @description RFC 3339, UTC
         */
        since: string;
        times: number;
      } | null;
      /** @description The task that fetches it, where this request has had one made */
      task: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description By you
       */
      changedAt: string;
      links: {
        self: string;
        entries: string;
        /** @description An image of the site, once it was fetched */
        icon: string | null;
      };
    };
    OpmlImport: {
      /** @description New subscriptions */
      imported: number;
      /** @description Feeds that you subscribe to already; they stay as they are */
      existing: number;
      /** @description Those that were left out, at most 1000 */
      refused: {
        url: string;
        title: string | null;
        reason: string;
      }[];
    };
    FeedEntrySummary: {
      /** Format: uuid */
      id: string;
      /**
       * Format: uuid
       * @description Your subscription
       */
      feed: string;
      /** @description Its identity in the feed: GUID, else URL, else a hash */
      guid: string;
      /** @description Plain text */
      title: string;
      link: string | null;
      /** @description Several are joined by commas */
      author: string | null;
      /** @description UTC; null when the feed does not say or is not readable */
      published: string | null;
      updated: string | null;
      /** @description Plain text, when the feed has one beside the content */
      summary: string | null;
      categories: string[];
      enclosures: {
        url: string;
        type: string | null;
        bytes: number | null;
      }[];
      /** @description Of the first sound or film */
      durationMs: number | null;
      commentsUrl: string | null;
      commentCount: number | null;
      season: number | null;
      episode: number | null;
      chaptersUrl: string | null;
      transcripts: {
        url: string;
        type: string | null;
        language: string | null;
      }[];
      /** @description The first words, plain text */
      excerpt: string;
      /**
       * Format: date-time
       * @description When it was first found in the feed
       */
      seenAt: string;
      /**
       * Format: date-time
       * @description When it was last edited
       */
      changedAt: string;
      read: boolean;
      starred: boolean;
      links: {
        self: string;
        /** @description Its lead image, made small, once that was fetched */
        thumbnail: string | null;
      };
    };
    SubscribedFeedEntry: {
      /** Format: uuid */
      id: string;
      /**
       * Format: uuid
       * @description Your subscription
       */
      feed: string;
      /** @description Its identity in the feed: GUID, else URL, else a hash */
      guid: string;
      /** @description Plain text */
      title: string;
      link: string | null;
      /** @description Several are joined by commas */
      author: string | null;
      /** @description UTC; null when the feed does not say or is not readable */
      published: string | null;
      updated: string | null;
      /** @description Plain text, when the feed has one beside the content */
      summary: string | null;
      categories: string[];
      enclosures: {
        url: string;
        type: string | null;
        bytes: number | null;
      }[];
      /** @description Of the first sound or film */
      durationMs: number | null;
      commentsUrl: string | null;
      commentCount: number | null;
      season: number | null;
      episode: number | null;
      chaptersUrl: string | null;
      transcripts: {
        url: string;
        type: string | null;
        language: string | null;
      }[];
      /** @description The first words, plain text */
      excerpt: string;
      /**
       * Format: date-time
       * @description When it was first found in the feed
       */
      seenAt: string;
      /**
       * Format: date-time
       * @description When it was last edited
       */
      changedAt: string;
      read: boolean;
      starred: boolean;
      links: {
        self: string;
        /** @description Its lead image, made small, once that was fetched */
        thumbnail: string | null;
      };
      /** @description Sanitised; its images point to this server, where they are once POST …/images has had them fetched */
      html: string;
      /** @description How many images it has */
      images: number;
    };
    EntryImages: {
      images: {
        /** @description Where it is once it is ready, as in the HTML of the entry */
        src: string;
        /** @enum {string} */
        state: 'ready' | 'underway' | 'unavailable';
        /** @description Why it cannot be had */
        reason: string | null;
      }[];
    };
    Batch: {
      /** Format: uuid */
      id: string;
      /** @description Tasks that were accepted */
      total: number;
      /** @description How many of them are in each state; those that were removed are in none */
      counts: {
        blocked: number;
        scheduled: number;
        queued: number;
        running: number;
        succeeded: number;
        failed: number;
        cancelled: number;
      };
      tags: string[];
      /** @description Who is told */
      callback: components['schemas']['BatchCallbackOutput'] | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      createdAt: string;
      /** @description When the last of them had ended; it stays when one is run again */
      completedAt: string | null;
      /** @description When the completed batch is removed */
      keptUntil: string | null;
      links: {
        self: string;
        tasks: string;
      };
      /** @description In the order of the request */
      tasks: {
        /** Format: uuid */
        id: string;
        ref: string | null;
      }[];
    };
    BatchSummary: {
      /** Format: uuid */
      id: string;
      /** @description Tasks that were accepted */
      total: number;
      /** @description How many of them are in each state; those that were removed are in none */
      counts: {
        blocked: number;
        scheduled: number;
        queued: number;
        running: number;
        succeeded: number;
        failed: number;
        cancelled: number;
      };
      tags: string[];
      /** @description Who is told */
      callback: components['schemas']['BatchCallbackOutput'] | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      createdAt: string;
      /** @description When the last of them had ended; it stays when one is run again */
      completedAt: string | null;
      /** @description When the completed batch is removed */
      keptUntil: string | null;
      links: {
        self: string;
        tasks: string;
      };
    };
    Upload: {
      /**
       * Format: uuid
       * @description Names the file in a source: {"file": id}
       */
      id: string;
      name: string;
      /** @description Media type as the uploader said it */
      type: string;
      /** @description Bytes */
      size: number;
      /** @description Hex */
      sha256: string;
      /** Format: date-time */
      createdAt: string;
      /**
       * Format: date-time
       * @description When it is removed
       */
      expiresAt: string;
      links: {
        self: string;
        content: string;
      };
    };
    ApiKey: {
      /** Format: uuid */
      id: string;
      owner: string;
      name: string;
      roles: ('submit' | 'read' | 'operate' | 'admin')[];
      /** @description Its last four characters */
      ending: string;
      /** Format: date-time */
      createdAt: string;
      expiresAt: string | null;
      /** @description To a minute */
      lastUsedAt: string | null;
      links: {
        self: string;
      };
    };
    CreatedApiKey: {
      /** Format: uuid */
      id: string;
      owner: string;
      name: string;
      roles: ('submit' | 'read' | 'operate' | 'admin')[];
      /** @description Its last four characters */
      ending: string;
      /** Format: date-time */
      createdAt: string;
      expiresAt: string | null;
      /** @description To a minute */
      lastUsedAt: string | null;
      links: {
        self: string;
      };
      /** @description Shown this once */
      key: string;
    };
    WebhookSecret: {
      /** Format: uuid */
      id: string;
      name: string;
      /** @description Those that sign now, the oldest first; each gives a signature */
      values: {
        /** Format: uuid */
        id: string;
        /**
         * Format: date-time
         * @description RFC 3339, UTC
         */
        createdAt: string;
        expiresAt: string | null;
      }[];
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      createdAt: string;
      links: {
        self: string;
      };
    };
    CreatedWebhookSecret: {
      /** Format: uuid */
      id: string;
      name: string;
      /** @description Those that sign now, the oldest first; each gives a signature */
      values: {
        /** Format: uuid */
        id: string;
        /**
         * Format: date-time
         * @description RFC 3339, UTC
         */
        createdAt: string;
        expiresAt: string | null;
      }[];
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      createdAt: string;
      links: {
        self: string;
      };
      /** @description `whsec_…`, for the receiver; shown this once */
      secret: string;
    };
    WebhookDeliverySummary: {
      /**
       * Format: uuid
       * @description Also the header webhook-id, the same at each attempt and replay
       */
      id: string;
      /** @enum {string} */
      event: 'task.succeeded' | 'task.failed' | 'task.cancelled' | 'batch.completed';
      /** @description pending: it is being sent, or tried again at nextAt; failed: given up; not-sent: see error */
      state: components['schemas']['WebhookDeliveryState'];
      url: string;
      secretName: string;
      /** @description The task that it is about */
      task: string | null;
      /** @description The batch that it, or its task, belongs to */
      batch: string | null;
      /** @description Requests made, those before replays included */
      attemptCount: number;
      /** @description Why it was not delivered; while pending, why the last attempt was in vain */
      error: components['schemas']['TaskFailure'] | null;
      /** @description While pending: not before then */
      nextAt: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      createdAt: string;
      endedAt: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      keptUntil: string;
      links: {
        self: string;
        replay: string;
      };
    };
    WebhookDelivery: {
      /**
       * Format: uuid
       * @description Also the header webhook-id, the same at each attempt and replay
       */
      id: string;
      /** @enum {string} */
      event: 'task.succeeded' | 'task.failed' | 'task.cancelled' | 'batch.completed';
      /** @description pending: it is being sent, or tried again at nextAt; failed: given up; not-sent: see error */
      state: components['schemas']['WebhookDeliveryState'];
      url: string;
      secretName: string;
      /** @description The task that it is about */
      task: string | null;
      /** @description The batch that it, or its task, belongs to */
      batch: string | null;
      /** @description Requests made, those before replays included */
      attemptCount: number;
      /** @description Why it was not delivered; while pending, why the last attempt was in vain */
      error: components['schemas']['TaskFailure'] | null;
      /** @description While pending: not before then */
      nextAt: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      createdAt: string;
      endedAt: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      keptUntil: string;
      links: {
        self: string;
        replay: string;
      };
      /** @description The last 50, oldest first */
      attempts: components['schemas']['WebhookAttempt'][];
      /** @description The body of the requests */
      payload: components['schemas']['TaskWebhookOutput'] | components['schemas']['BatchWebhookOutput'];
    };
    WebhookAttempt: {
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      at: string;
      /** @description 1 for the event itself; one more with each replay */
      run: number;
      /** @description How long it took, milliseconds */
      ms: number;
      /** @description Of the answer; null: there was none */
      status: number | null;
      /** @description Why it was in vain */
      error: components['schemas']['TaskFailure'] | null;
      /** @description The first 1,000 characters of the answer’s body */
      answer: string | null;
    };
    WebhookEndpoint: {
      /** Format: uuid */
      id: string;
      url: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC
       */
      disabledAt: string;
      reason: components['schemas']['TaskFailure'];
      links: {
        self: string;
        enable: string;
      };
    };
    Worker: {
      /** @description As the history of tasks names it */
      id: string;
      /** @description Type of process: web, clock, or that of a worker, e.g. image-resizer */
      process: string;
      /**
       * @description draining: it stops, and finishes what it has. silent: it has not shown itself for 12 s
       * @enum {string}
       */
      state: 'starting' | 'running' | 'draining' | 'silent';
      /** @description Of its build */
      version: string;
      host: string;
      pid: number;
      /** Format: date-time */
      startedAt: string;
      /** Format: date-time */
      lastSeenAt: string;
      /** @description What it works on; nothing, if it is no worker */
      lanes: components['schemas']['WorkerLane'][];
      /** @description Resident memory */
      rssBytes: number;
      /** @description By how much its timers came late, between its last two reports */
      eventLoopDelayMs: {
        p99: number;
        max: number;
      };
    };
    WorkerLane: {
      type: string;
      lane: components['schemas']['Lane'];
      queue: string;
      /** @description Tasks that it runs at once */
      capacity: number;
      running: number;
      /** @description Delivered to it and not begun */
      waiting: number;
      paused: boolean;
      /** @description Since it started */
      succeeded: number;
      /** @description Tasks that ended so in its hands, since it started */
      failed: number;
      /** @description Attempts after which the task runs again, since it started */
      retried: number;
    };
    Stats: {
      /**
       * Format: date-time
       * @description Begin of the first step
       */
      from: string;
      /**
       * Format: date-time
       * @description End of the last step
       */
      to: string;
      stepMs: number;
      /** @description Of all series over the whole time */
      totals: components['schemas']['StatsNumbers'];
      /** @description One for each type and lane of which something happened */
      series: {
        type: string;
        lane: components['schemas']['Lane'];
        totals: components['schemas']['StatsNumbers'];
        /** @description By time; steps in which nothing happened are left out */
        points: components['schemas']['StatsPoint'][];
      }[];
      /** @description Tasks of all owners that have not ended, as they are now */
      open: {
        /** Format: date-time */
        at: string;
        /** @description Types and lanes without open tasks are left out */
        items: components['schemas']['OpenTasks'][];
      };
    };
    Durations: {
      count: number;
      /** @description Mean; null when there are none */
      meanMs: number | null;
      /** @description Half of them took no longer; to within a histogram of three buckets a decade; null when there are none */
      p50Ms: number | null;
      /** @description 95 of 100 took no longer; likewise; null when there are none */
      p95Ms: number | null;
      /** @description The longest; null when there are none */
      maxMs: number | null;
    };
    StatsNumbers: {
      /** @description Tasks that were stored anew */
      accepted: number;
      /** @description Attempts that began */
      started: number;
      succeeded: number;
      /** @description Tasks that ended so, also without an attempt (expired, dependency-failed) */
      failed: number;
      cancelled: number;
      /** @description Attempts that failed or crashed, and the task runs again */
      retried: number;
      /** @description Attempts that do not count: handed back at a worker's stop, or put off by the handler */
      putOff: number;
      /** @description From the broker having it to the start of its attempt */
      timeInQueue: components['schemas']['Durations'];
      /** @description Of attempts that ended in the hands of their worker */
      runTime: components['schemas']['Durations'];
    };
    StatsPoint: {
      /**
       * Format: date-time
       * @description When the step begins
       */
      at: string;
      /** @description Tasks that were stored anew */
      accepted: number;
      /** @description Attempts that began */
      started: number;
      succeeded: number;
      /** @description Tasks that ended so, also without an attempt (expired, dependency-failed) */
      failed: number;
      cancelled: number;
      /** @description Attempts that failed or crashed, and the task runs again */
      retried: number;
      /** @description Attempts that do not count: handed back at a worker's stop, or put off by the handler */
      putOff: number;
      /** @description From the broker having it to the start of its attempt */
      timeInQueue: components['schemas']['Durations'];
      /** @description Of attempts that ended in the hands of their worker */
      runTime: components['schemas']['Durations'];
    };
    OpenTasks: {
      type: string;
      lane: components['schemas']['Lane'];
      /** @description They wait for other tasks */
      blocked: number;
      /** @description For later, between two attempts, or not with the broker yet */
      scheduled: number;
      /** @description They wait for a worker */
      queued: number;
      running: number;
      /** @description Since when the first of the queued ones waits */
      oldestQueuedAt: string | null;
    };
    TaskCallbackOutput: {
      /**
       * Format: uri
       * @description Gets a signed POST for each event; only public addresses are reached
       * @example https://example.com/photo.jpg
       */
      url: string;
      /**
       * @description Which of your secrets signs: see POST /v1/webhooks/secrets
       * @default default
       */
      secretName: string;
      /**
       * @description All ends by default
       * @default [
       *       "task.succeeded",
       *       "task.failed",
       *       "task.cancelled"
       *     ]
       */
      events: ('task.succeeded' | 'task.failed' | 'task.cancelled')[];
    };
    /**
     * @example {
     *       "message": "hello",
     *       "delayMs": 0
     *     }
     */
    SystemEchoAcceptedInput: {
      /**
       * @description Comes back in the result
       * @default
       */
      message: string;
      /**
       * @description Works for so many milliseconds first
       * @default 0
       */
      delayMs: number;
      /**
       * @description Fails: `permanent` ends the task at once, `transient` is tried again
       * @enum {string}
       */
      fail?: 'permanent' | 'transient';
      /** @description With fail: only the first so many attempts fail */
      failTimes?: number;
    };
    /**
     * @example {
     *       "url": "https://sources.debian.org/api/src/hello/",
     *       "method": "GET",
     *       "acceptStatuses": [
     *         "2xx"
     *       ],
     *       "followRedirects": true,
     *       "repeatable": false,
     *       "as": "auto",
     *       "pick": {
     *         "newest": "/versions/0/version"
     *       },
     *       "timeoutMs": 30000,
     *       "maxBytes": 104857600
     *     }
     */
    HttpFetchAcceptedInput: {
      /**
       * Format: uri
       * @example https://example.com/photo.jpg
       */
      url: string;
      /**
       * @default GET
       * @enum {string}
       */
      method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
      /** @description Added to the URL’s own; an array repeats its name */
      query?: {
        [key: string]: (string | number | boolean) | (string | number | boolean)[];
      };
      /**
       * @description Names and values in ASCII. Refused: Host, Content-Length and what else belongs to the connection. They are stored with the task in clear: credentials belong in `secrets`
       * @example {
       *       "Accept": "application/json"
       *     }
       */
      headers?: {
        [key: string]: string;
      };
      /** @description A Content-Type among `headers` outranks the one that its form implies */
      body?:
        | {
            json: unknown;
          }
        | {
            form: {
              [key: string]: (string | number | boolean) | (string | number | boolean)[];
            };
          }
        | {
            text: string;
            /** @default text/plain; charset=utf-8 */
            type: string;
          };
      /** @description Names of secrets that the operator has bound to this host; they are added to the request */
      secrets?: string[];
      /**
       * @description Others fail as `http-<status>`
       * @default [
       *       "2xx"
       *     ]
       */
      acceptStatuses: (number | string)[];
      /** @default true */
      followRedirects: boolean;
      /**
       * @description Sending it twice does no harm (a search by POST, say): it is retried like a GET
       * @default false
       */
      repeatable: boolean;
      /**
       * @description Sends the task’s id as Idempotency-Key, the same at each attempt; it is then retried
       * @enum {string}
       */
      idempotencyKey?: 'task';
      /**
       * @description auto: JSON that fits stands in the result, all else is a file
       * @default auto
       * @enum {string}
       */
      as: 'auto' | 'json' | 'text' | 'file';
      /** @description What of the JSON stands in the result: one JSON pointer, or several by name */
      pick?:
        | string
        | {
            [key: string]: string;
          };
      /** @description `response` with an ending by its type, by default */
      fileName?: string;
      /** @description Collects the items of several pages */
      pages?: {
        /** @description `link`: the Link header’s rel="next" (RFC 8288). The end: none, null, empty, or the same again */
        next:
          | 'link'
          | {
              /** @description Where the next page’s URL stands; it may be relative */
              url: string;
            }
          | {
              /** @description Where the next cursor stands */
              cursor: string;
              /** @description The query parameter that takes it */
              query: string;
            }
          | {
              /** @description Where the next cursor stands */
              cursor: string;
              /** @description The member of the JSON body that takes it */
              body: string;
            };
        /**
         * @description The array of items in each page
         * @default
         */
        items: string;
        /** @default 10 */
        max: number;
        /**
         * @description The form of the items in a file
         * @default json
         * @enum {string}
         */
        file: 'json' | 'ndjson';
      };
      /**
       * @description Of each request with its answer
       * @default 30000
       */
      timeoutMs: number;
      /**
       * @description Of the answer, decoded; of all pages together
       * @default 104857600
       */
      maxBytes: number;
    };
    /**
     * @example {
     *       "source": {
     *         "url": "https://www.debian.org/logos/openlogo-nd-100.png"
     *       },
     *       "bucket": "offload",
     *       "key": "examples/logo.png",
     *       "overwrite": "always"
     *     }
     */
    S3UploadAcceptedInput: {
      /** @description Where the bytes come from: a URL, an uploaded file, another task's file, or those of its files that a pattern names. */
      source:
        | {
            /**
             * Format: uri
             * @example https://example.com/photo.jpg
             */
            url: string;
          }
        | {
            /**
             * Format: uuid
             * @description The id that POST /v1/files answered
             */
            file: string;
          }
        | {
            /**
             * Format: uuid
             * @description A task of yours; this one waits until it has succeeded
             */
            task: string;
            /** @description The name of one of its files */
            file: string;
          }
        | {
            /**
             * Format: uuid
             * @description A task of yours; this one waits until it has succeeded
             */
            task: string;
            /** @description Those of its files whose names fit this pattern, e.g. *.webp or {small,large}.* */
            files: string;
          };
      /** @description One of the operator's connections (S3_CONNECTIONS); the default one if absent */
      target?: string;
      /** @description One of the buckets that the operator allows for the target */
      bucket: string;
      /** @description The key, or a template of it: {name} {base} {ext} {sha256} {task} {yyyy} {mm} {dd}; see docs/uploads.md */
      key: string;
      /** @description Media type of the object; by default the source's own, or what its first bytes or its name tell */
      contentType?: string;
      /** @description e.g. attachment; filename="report.pdf" */
      contentDisposition?: string;
      /** @description e.g. gzip, of bytes that are compressed already */
      contentEncoding?: string;
      contentLanguage?: string;
      /** @description e.g. public, max-age=31536000, immutable */
      cacheControl?: string;
      /** @description Sent as x-amz-meta-*: names in lower case, 1,800 bytes in all */
      metadata?: {
        [key: string]: string;
      };
      /** @description At most 10; names of 1 to 128 and values of at most 256 characters */
      tags?: {
        [key: string]: string;
      };
      /** @description As the server names it, e.g. STANDARD_IA, INTELLIGENT_TIERING, GLACIER_IR */
      storageClass?: string;
      /** @description Server-side encryption; when the server does not confirm it, the task fails */
      encryption?: {
        /** @enum {string} */
        algorithm: 'AES256' | 'aws:kms' | 'aws:kms:dsse';
        /** @description With aws:kms: id, ARN or alias of the key */
        kmsKeyId?: string;
      };
      /**
       * @description never: fails with `exists` when other bytes stand at the key. if-match: replaces the object that has the ETag `ifMatch` and fails with `changed` when it is another. The same bytes are a success: `already-there`.
       * @default always
       * @enum {string}
       */
      overwrite: 'always' | 'never' | 'if-match';
      /** @description With overwrite if-match: the ETag of the object to be replaced */
      ifMatch?: string;
      /** @description Puts a link into the result with which anybody can read the object */
      presign?: {
        /** @description How long the link works: at most 7 days, and never longer than the credentials */
        expiresInMs: number;
      };
    };
    BatchCallbackOutput: {
      /**
       * Format: uri
       * @description Gets a signed POST for each event; only public addresses are reached
       * @example https://example.com/photo.jpg
       */
      url: string;
      /**
       * @description Which of your secrets signs: see POST /v1/webhooks/secrets
       * @default default
       */
      secretName: string;
      /**
       * @description Those of tasks are about each task of the batch that has no callback of its own
       * @default [
       *       "batch.completed"
       *     ]
       */
      events: ('task.succeeded' | 'task.failed' | 'task.cancelled' | 'batch.completed')[];
    };
    TaskWebhookOutput: {
      /** @enum {string} */
      type: 'task.succeeded' | 'task.failed' | 'task.cancelled';
      /**
       * Format: date-time
       * @description When it ended
       */
      timestamp: string;
      data: {
        /** Format: uuid */
        id: string;
        type: string;
        state: components['schemas']['TaskState'];
        /** @description Attempts made */
        attempt: number;
        tags: string[];
        batch: string | null;
        schedule: string | null;
        /**
         * Format: date-time
         * @description RFC 3339, UTC
         */
        createdAt: string;
        startedAt: string | null;
        /**
         * Format: date-time
         * @description RFC 3339, UTC
         */
        endedAt: string;
        /** @description Why it failed */
        error: components['schemas']['TaskFailure'] | null;
        /** @description null without one, and when it is omitted */
        result: unknown;
        /** @description The result has more than 16384 bytes of JSON: read the task */
        resultOmitted: boolean;
        links: {
          /** @description The task’s path on this server */
          self: string;
        };
      };
    };
    BatchWebhookOutput: {
      /** @constant */
      type: 'batch.completed';
      /**
       * Format: date-time
       * @description When its last task had ended
       */
      timestamp: string;
      data: {
        /** Format: uuid */
        id: string;
        total: number;
        /** @description Its tasks by their states when this was written */
        counts: {
          [key: string]: number;
        };
        tags: string[];
        /**
         * Format: date-time
         * @description RFC 3339, UTC
         */
        createdAt: string;
        /**
         * Format: date-time
         * @description RFC 3339, UTC
         */
        completedAt: string;
        links: {
          self: string;
          tasks: string;
        };
      };
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: {
    /**
     * @description Finds the request in the log; what a request sends of it in this form is kept
     * @example 0f6c1a52-4c0e-4f1b-8f0e-0d6c2f0a7f11
     */
    RequestId: string;
    /**
     * @description What is left of the rate, and the seconds until all of it is there again (draft-ietf-httpapi-ratelimit-headers); only where rates are limited
     * @example "per key"; r=59999; t=60
     */
    RateLimit: string;
    /**
     * @description The rate: requests (q) in so many seconds (w)
     * @example "per key"; q=60000; w=60; pk=:M2E1N2JkMzY5:
     */
    RateLimitPolicy: string;
  };
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  listTasks: {
    parameters: {
      query?: {
        /** @description Task type */
        type?:
          | 'system.echo'
          | 'feed.fetch'
          | 'feed.refresh'
          | 'http.fetch'
          | 'image.resize'
          | 's3.upload'
          | 'webhook.send';
        /** @description With this tag */
        tag?: string;
        /** @description Of this batch */
        batch?: string;
        /** @description Made by this schedule */
        schedule?: string;
        /** @description From then on */
        createdAfter?: string;
        /** @description Not any more then */
        createdBefore?: string;
        /** @description In this state */
        state?: components['schemas']['TaskState'];
        /** @description Words to be found */
        q?: string;
        /** @description How many at most */
        limit?: number;
        /** @description From the `next` of the page before; opaque */
        cursor?: string;
        /** @description By the time of creation: the newest first, or the oldest */
        order?: 'desc' | 'asc';
        /** @description Names of members, separated by commas: the answer has only these of the resource (a page, of each item); members that are not named are absent, whatever the schema requires */
        fields?: string;
      };
      header?: {
        /** @description An ETag; 304 when nothing has changed */
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['TaskSummary'][];
            /** @description Path of the next page; null on the last one */
            next: string | null;
          };
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createTask: {
    parameters: {
      query?: never;
      header?: {
        /** @description wait=N (RFC 7240): the answer is held until the task has ended, or for N seconds; at most 60 */
        Prefer?: string;
        /** @description Makes repeating safe (draft-ietf-httpapi-idempotency-key-header): for 24 hours the same key with the same body is answered with the same task, with another body by 422 `idempotency-key-reused`. 1 to 200 printable ASCII characters in quotes */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewTask'];
      };
    };
    responses: {
      /** @description It has ended: within the time of Prefer: wait, or it was there already */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag: string;
          'Preference-Applied'?: string;
          /** @description Path of what was made, or of what this has become */
          Location: string;
          /** @description Nothing new was made: the task was there under this key */
          'Existing-Task'?: 'idempotency-key' | 'unique';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Task'];
        };
      };
      /** @description Accepted, or accepted before */
      202: {
        headers: {
          /** @description For If-None-Match */
          ETag: string;
          'Preference-Applied'?: string;
          /** @description Path of what was made, or of what this has become */
          Location: string;
          /** @description Nothing new was made: the task was there under this key */
          'Existing-Task'?: 'idempotency-key' | 'unique';
          'Retry-After'?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Task'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteTasks: {
    parameters: {
      query?: {
        /** @description Separated by commas; at most 200 */
        ids?: string;
        /** @description Task type */
        type?:
          | 'system.echo'
          | 'feed.fetch'
          | 'feed.refresh'
          | 'http.fetch'
          | 'image.resize'
          | 's3.upload'
          | 'webhook.send';
        /** @description With this tag */
        tag?: string;
        /** @description Of this batch */
        batch?: string;
        /** @description Made by this schedule */
        schedule?: string;
        /** @description From then on */
        createdAfter?: string;
        /** @description Not any more then */
        createdBefore?: string;
        /** @description In this state */
        state?: 'succeeded' | 'failed' | 'cancelled';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description How many */
      200: {
        headers: {
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Handled'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getTask: {
    parameters: {
      query?: {
        /** @description Names of members, separated by commas: the answer has only these of the resource (a page, of each item); members that are not named are absent, whatever the schema requires */
        fields?: string;
      };
      header?: {
        /** @description wait=N (RFC 7240): the answer is held until the task has ended, or for N seconds; at most 60 */
        Prefer?: string;
        /** @description An ETag; 304 when nothing has changed */
        'If-None-Match'?: string;
      };
      path: {
        /** @description Id of the task */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The task */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag: string;
          'Preference-Applied'?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Task'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteTask: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the task */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is gone */
      204: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  cancelTasks: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Makes repeating safe (draft-ietf-httpapi-idempotency-key-header): for 24 hours the same key at the same address with the same body gets the answer of the first request, with another body 422 `idempotency-key-reused`. 1 to 200 printable ASCII characters in quotes
         * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
         */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CancelTasks'];
      };
    };
    responses: {
      /** @description How many */
      200: {
        headers: {
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Handled'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  retryTasks: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Makes repeating safe (draft-ietf-httpapi-idempotency-key-header): for 24 hours the same key at the same address with the same body gets the answer of the first request, with another body 422 `idempotency-key-reused`. 1 to 200 printable ASCII characters in quotes
         * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
         */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RetryTasks'];
      };
    };
    responses: {
      /** @description How many */
      200: {
        headers: {
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Handled'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  cancelTask: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Makes repeating safe (draft-ietf-httpapi-idempotency-key-header): for 24 hours the same key at the same address with the same body gets the answer of the first request, with another body 422 `idempotency-key-reused`. 1 to 200 printable ASCII characters in quotes
         * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
         */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Id of the task */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is cancelled */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag: string;
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Task'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  retryTask: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Makes repeating safe (draft-ietf-httpapi-idempotency-key-header): for 24 hours the same key at the same address with the same body gets the answer of the first request, with another body 422 `idempotency-key-reused`. 1 to 200 printable ASCII characters in quotes
         * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
         */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Id of the task */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['Retry'];
      };
    };
    responses: {
      /** @description It will run again */
      202: {
        headers: {
          /** @description Path of what was made, or of what this has become */
          Location: string;
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Task'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listDeadLetters: {
    parameters: {
      query?: {
        /** @description Task type */
        type?:
          | 'system.echo'
          | 'feed.fetch'
          | 'feed.refresh'
          | 'http.fetch'
          | 'image.resize'
          | 's3.upload'
          | 'webhook.send';
        /** @description The error's code, e.g. timeout */
        code?: string;
        /** @description With this tag */
        tag?: string;
        /** @description Failed from then on */
        since?: string;
        /** @description Failed before then */
        until?: string;
        /** @description How many at most */
        limit?: number;
        /** @description From the `next` of the page before; opaque */
        cursor?: string;
        /** @description By the time of creation: the newest first, or the oldest */
        order?: 'desc' | 'asc';
        /** @description Names of members, separated by commas: the answer has only these of the resource (a page, of each item); members that are not named are absent, whatever the schema requires */
        fields?: string;
      };
      header?: {
        /** @description An ETag; 304 when nothing has changed */
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          /** @description The next page (RFC 8288) */
          Link?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['DeadLetter'][];
            /** @description Path of the next page; null on the last one */
            next: string | null;
          };
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  discardDeadLetters: {
    parameters: {
      query?: {
        /** @description Separated by commas; at most 200 */
        ids?: string;
        /** @description Task type */
        type?:
          | 'system.echo'
          | 'feed.fetch'
          | 'feed.refresh'
          | 'http.fetch'
          | 'image.resize'
          | 's3.upload'
          | 'webhook.send';
        /** @description The error's code, e.g. timeout */
        code?: string;
        /** @description With this tag */
        tag?: string;
        /** @description Failed from then on */
        since?: string;
        /** @description Failed before then */
        until?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description How many */
      200: {
        headers: {
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Handled'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  requeueDeadLetters: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Makes repeating safe (draft-ietf-httpapi-idempotency-key-header): for 24 hours the same key at the same address with the same body gets the answer of the first request, with another body 422 `idempotency-key-reused`. 1 to 200 printable ASCII characters in quotes
         * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
         */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RequeueDeadLetters'];
      };
    };
    responses: {
      /** @description How many */
      200: {
        headers: {
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Handled'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listUnreadableMessages: {
    parameters: {
      query?: {
        /** @description How many at most */
        limit?: number;
        /** @description Names of members, separated by commas: the answer has only these of the resource (a page, of each item); members that are not named are absent, whatever the schema requires */
        fields?: string;
      };
      header?: {
        /** @description An ETag; 304 when nothing has changed */
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description They are kept for 30 days */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['UnreadableMessage'][];
          };
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  discardUnreadableMessages: {
    parameters: {
      query?: {
        /** @description Separated by commas; at most 200 */
        ids?: string;
        /** @description Received before then */
        until?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description How many */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            done: number;
          };
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listQueues: {
    parameters: {
      query?: {
        /** @description Names of members, separated by commas: the answer has only these of the resource (a page, of each item); members that are not named are absent, whatever the schema requires */
        fields?: string;
      };
      header?: {
        /** @description An ETag; 304 when nothing has changed */
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Every type */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Queue'][];
          };
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  pauseQueue: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Makes repeating safe (draft-ietf-httpapi-idempotency-key-header): for 24 hours the same key at the same address with the same body gets the answer of the first request, with another body 422 `idempotency-key-reused`. 1 to 200 printable ASCII characters in quotes
         * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
         */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Task type */
        type:
          | 'system.echo'
          | 'feed.fetch'
          | 'feed.refresh'
          | 'http.fetch'
          | 'image.resize'
          | 's3.upload'
          | 'webhook.send';
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is paused */
      200: {
        headers: {
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['QueueSwitch'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  resumeQueue: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Makes repeating safe (draft-ietf-httpapi-idempotency-key-header): for 24 hours the same key at the same address with the same body gets the answer of the first request, with another body 422 `idempotency-key-reused`. 1 to 200 printable ASCII characters in quotes
         * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
         */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Task type */
        type:
          | 'system.echo'
          | 'feed.fetch'
          | 'feed.refresh'
          | 'http.fetch'
          | 'image.resize'
          | 's3.upload'
          | 'webhook.send';
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is not paused */
      200: {
        headers: {
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['QueueSwitch'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listSchedules: {
    parameters: {
      query?: {
        /** @description How many at most */
        limit?: number;
        /** @description From the `next` of the page before; opaque */
        cursor?: string;
        /** @description By the time of creation: the newest first, or the oldest */
        order?: 'desc' | 'asc';
        /** @description Names of members, separated by commas: the answer has only these of the resource (a page, of each item); members that are not named are absent, whatever the schema requires */
        fields?: string;
      };
      header?: {
        /** @description An ETag; 304 when nothing has changed */
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          /** @description The next page (RFC 8288) */
          Link?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['ScheduleSummary'][];
            /** @description Path of the next page; null on the last one */
            next: string | null;
          };
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createSchedule: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Makes repeating safe (draft-ietf-httpapi-idempotency-key-header): for 24 hours the same key at the same address with the same body gets the answer of the first request, with another body 422 `idempotency-key-reused`. 1 to 200 printable ASCII characters in quotes
         * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
         */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewSchedule'];
      };
    };
    responses: {
      /** @description Made */
      201: {
        headers: {
          /** @description Path of what was made, or of what this has become */
          Location: string;
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Schedule'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  previewSchedule: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SchedulePreview'];
      };
    };
    responses: {
      /** @description Fewer than asked for when there are no more */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ScheduleRuns'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getSchedule: {
    parameters: {
      query?: {
        /** @description Names of members, separated by commas: the answer has only these of the resource (a page, of each item); members that are not named are absent, whatever the schema requires */
        fields?: string;
      };
      header?: {
        /** @description An ETag; 304 when nothing has changed */
        'If-None-Match'?: string;
      };
      path: {
        /** @description Id of the schedule */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The schedule */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Schedule'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteSchedule: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the schedule */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Deleted */
      204: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  changeSchedule: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the schedule */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SchedulePatch'];
      };
    };
    responses: {
      /** @description The schedule */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Schedule'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listScheduleRuns: {
    parameters: {
      query?: {
        /** @description How many */
        count?: number;
        /** @description Names of members, separated by commas: the answer has only these of the resource (a page, of each item); members that are not named are absent, whatever the schema requires */
        fields?: string;
      };
      header?: {
        /** @description An ETag; 304 when nothing has changed */
        'If-None-Match'?: string;
      };
      path: {
        /** @description Id of the schedule */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The next ticks */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ScheduleRuns'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  pauseSchedule: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Makes repeating safe (draft-ietf-httpapi-idempotency-key-header): for 24 hours the same key at the same address with the same body gets the answer of the first request, with another body 422 `idempotency-key-reused`. 1 to 200 printable ASCII characters in quotes
         * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
         */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Id of the schedule */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The schedule */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Schedule'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  resumeSchedule: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Makes repeating safe (draft-ietf-httpapi-idempotency-key-header): for 24 hours the same key at the same address with the same body gets the answer of the first request, with another body 422 `idempotency-key-reused`. 1 to 200 printable ASCII characters in quotes
         * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
         */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Id of the schedule */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The schedule */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Schedule'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  runSchedule: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Makes repeating safe (draft-ietf-httpapi-idempotency-key-header): for 24 hours the same key at the same address with the same body gets the answer of the first request, with another body 422 `idempotency-key-reused`. 1 to 200 printable ASCII characters in quotes
         * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
         */
        'Idempotency-Key'?: string;
        /**
         * @description wait=N (RFC 7240): the answer is held until the end, or for N seconds; at most 60
         * @example wait=30
         */
        Prefer?: string;
      };
      path: {
        /** @description Id of the schedule */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It has ended within the time of Prefer: wait */
      200: {
        headers: {
          /** @description Path of what was made, or of what this has become */
          Location: string;
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          /** @description wait=N, when it was asked for */
          'Preference-Applied'?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Task'];
        };
      };
      /** @description Accepted */
      202: {
        headers: {
          /** @description Path of what was made, or of what this has become */
          Location: string;
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          /** @description wait=N, when it was asked for */
          'Preference-Applied'?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Task'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listFeeds: {
    parameters: {
      query?: {
        /** @description With this tag */
        tag?: string;
        /** @description How many at most */
        limit?: number;
        /** @description From the `next` of the page before; opaque */
        cursor?: string;
        /** @description By the time of creation: the newest first, or the oldest */
        order?: 'desc' | 'asc';
        /** @description Names of members, separated by commas: the answer has only these of the resource (a page, of each item); members that are not named are absent, whatever the schema requires */
        fields?: string;
      };
      header?: {
        /** @description An ETag; 304 when nothing has changed */
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          /** @description The next page (RFC 8288) */
          Link?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Feed'][];
            /** @description Path of the next page; null on the last one */
            next: string | null;
          };
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  subscribe: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Makes repeating safe (draft-ietf-httpapi-idempotency-key-header): for 24 hours the same key at the same address with the same body gets the answer of the first request, with another body 422 `idempotency-key-reused`. 1 to 200 printable ASCII characters in quotes
         * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
         */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewFeed'];
      };
    };
    responses: {
      /** @description You subscribe to it already */
      200: {
        headers: {
          /** @description Path of what was made, or of what this has become */
          Location: string;
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Feed'];
        };
      };
      /** @description Subscribed; the feed is known and up to date */
      201: {
        headers: {
          /** @description Path of what was made, or of what this has become */
          Location: string;
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Feed'];
        };
      };
      /** @description Subscribed; a task fetches the feed */
      202: {
        headers: {
          /** @description Path of what was made, or of what this has become */
          Location: string;
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Feed'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  exportOpml: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The document */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'text/x-opml': string;
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  importOpml: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Makes repeating safe (draft-ietf-httpapi-idempotency-key-header): for 24 hours the same key at the same address with the same body gets the answer of the first request, with another body 422 `idempotency-key-reused`. 1 to 200 printable ASCII characters in quotes
         * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
         */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'text/x-opml': string;
        'text/xml': string;
        'application/xml': string;
      };
    };
    responses: {
      /** @description Imported */
      200: {
        headers: {
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OpmlImport'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getFeed: {
    parameters: {
      query?: {
        /** @description Names of members, separated by commas: the answer has only these of the resource (a page, of each item); members that are not named are absent, whatever the schema requires */
        fields?: string;
      };
      header?: {
        /** @description An ETag; 304 when nothing has changed */
        'If-None-Match'?: string;
      };
      path: {
        /** @description Id of the feed */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The feed */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Feed'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  unsubscribe: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the feed */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      204: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  changeFeed: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the feed */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['FeedPatch'];
      };
    };
    responses: {
      /** @description The feed */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Feed'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  refreshFeed: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Makes repeating safe (draft-ietf-httpapi-idempotency-key-header): for 24 hours the same key at the same address with the same body gets the answer of the first request, with another body 422 `idempotency-key-reused`. 1 to 200 printable ASCII characters in quotes
         * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
         */
        'Idempotency-Key'?: string;
        /**
         * @description wait=N (RFC 7240): the answer is held until the end, or for N seconds; at most 60
         * @example wait=30
         */
        Prefer?: string;
      };
      path: {
        /** @description Id of the feed */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It has ended within the time of Prefer: wait */
      200: {
        headers: {
          /** @description Path of what was made, or of what this has become */
          Location: string;
          'Retry-After'?: string;
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          /** @description wait=N, when it was asked for */
          'Preference-Applied'?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Task'];
        };
      };
      /** @description Accepted */
      202: {
        headers: {
          /** @description Path of what was made, or of what this has become */
          Location: string;
          'Retry-After'?: string;
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          /** @description wait=N, when it was asked for */
          'Preference-Applied'?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Task'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getFeedIcon: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the feed */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description WebP */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          '*/*': unknown;
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listFeedEntries: {
    parameters: {
      query?: {
        /** @description Only those that were not read yet, or that were */
        unread?: boolean;
        /** @description Only those that are starred, or that are not */
        starred?: boolean;
        /** @description Words that stand in title, author, categories or the first words, in any order and case */
        q?: string;
        /** @description How many at most */
        limit?: number;
        /** @description From the `next` of the page before; opaque */
        cursor?: string;
        /** @description By the time of creation: the newest first, or the oldest */
        order?: 'desc' | 'asc';
        /** @description Names of members, separated by commas: the answer has only these of the resource (a page, of each item); members that are not named are absent, whatever the schema requires */
        fields?: string;
      };
      header?: {
        /** @description An ETag; 304 when nothing has changed */
        'If-None-Match'?: string;
      };
      path: {
        /** @description Id of the feed */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          /** @description The next page (RFC 8288) */
          Link?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['FeedEntrySummary'][];
            /** @description Path of the next page; null on the last one */
            next: string | null;
          };
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  markFeedRead: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Makes repeating safe (draft-ietf-httpapi-idempotency-key-header): for 24 hours the same key at the same address with the same body gets the answer of the first request, with another body 422 `idempotency-key-reused`. 1 to 200 printable ASCII characters in quotes
         * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
         */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Id of the feed */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['ReadThrough'];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            feeds: number;
            /**
             * Format: date-time
             * @description Entries first seen by then are read
             */
            before: string;
          };
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listEntries: {
    parameters: {
      query?: {
        /** @description Only those that were not read yet, or that were */
        unread?: boolean;
        /** @description Only those that are starred, or that are not */
        starred?: boolean;
        /** @description Words that stand in title, author, categories or the first words, in any order and case */
        q?: string;
        /** @description How many at most */
        limit?: number;
        /** @description From the `next` of the page before; opaque */
        cursor?: string;
        /** @description By the time of creation: the newest first, or the oldest */
        order?: 'desc' | 'asc';
        /** @description With this tag */
        tag?: string;
        /** @description Names of members, separated by commas: the answer has only these of the resource (a page, of each item); members that are not named are absent, whatever the schema requires */
        fields?: string;
      };
      header?: {
        /** @description An ETag; 304 when nothing has changed */
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          /** @description The next page (RFC 8288) */
          Link?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['FeedEntrySummary'][];
            /** @description Path of the next page; null on the last one */
            next: string | null;
          };
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  markAllRead: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Makes repeating safe (draft-ietf-httpapi-idempotency-key-header): for 24 hours the same key at the same address with the same body gets the answer of the first request, with another body 422 `idempotency-key-reused`. 1 to 200 printable ASCII characters in quotes
         * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
         */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['ReadThroughAll'];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            feeds: number;
            /**
             * Format: date-time
             * @description Entries first seen by then are read
             */
            before: string;
          };
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  markEntries: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Makes repeating safe (draft-ietf-httpapi-idempotency-key-header): for 24 hours the same key at the same address with the same body gets the answer of the first request, with another body 422 `idempotency-key-reused`. 1 to 200 printable ASCII characters in quotes
         * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
         */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['EntriesMarking'];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            marked: number;
            /** @description Not there, or not yours */
            unknown: string[];
          };
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getEntry: {
    parameters: {
      query?: {
        /** @description Names of members, separated by commas: the answer has only these of the resource (a page, of each item); members that are not named are absent, whatever the schema requires */
        fields?: string;
      };
      header?: {
        /** @description An ETag; 304 when nothing has changed */
        'If-None-Match'?: string;
      };
      path: {
        /** @description Id of the entry */
        entry: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The entry */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SubscribedFeedEntry'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  markEntry: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the entry */
        entry: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['EntryMarking'];
      };
    };
    responses: {
      /** @description The entry */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['FeedEntrySummary'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getEntryThumbnail: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the entry */
        entry: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description WebP */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          '*/*': unknown;
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  fetchEntryImages: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Makes repeating safe (draft-ietf-httpapi-idempotency-key-header): for 24 hours the same key at the same address with the same body gets the answer of the first request, with another body 422 `idempotency-key-reused`. 1 to 200 printable ASCII characters in quotes
         * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
         */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Id of the entry */
        entry: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All of them are there, or cannot be had */
      200: {
        headers: {
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EntryImages'];
        };
      };
      /** @description They are being fetched */
      202: {
        headers: {
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EntryImages'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getEntryImage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the entry */
        entry: string;
        /** @description Id of the image */
        image: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description WebP */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          '*/*': unknown;
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listBatches: {
    parameters: {
      query?: {
        /** @description How many at most */
        limit?: number;
        /** @description From the `next` of the page before; opaque */
        cursor?: string;
        /** @description By the time of creation: the newest first, or the oldest */
        order?: 'desc' | 'asc';
        /** @description Names of members, separated by commas: the answer has only these of the resource (a page, of each item); members that are not named are absent, whatever the schema requires */
        fields?: string;
      };
      header?: {
        /** @description An ETag; 304 when nothing has changed */
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          /** @description The next page (RFC 8288) */
          Link?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['BatchSummary'][];
            /** @description Path of the next page; null on the last one */
            next: string | null;
          };
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createBatch: {
    parameters: {
      query?: never;
      header?: {
        /** @description Makes repeating safe (draft-ietf-httpapi-idempotency-key-header): for 24 hours the same key with the same body is answered with the same task, with another body by 422 `idempotency-key-reused`. 1 to 200 printable ASCII characters in quotes */
        'Idempotency-Key'?: string;
        /**
         * @description wait=N (RFC 7240): the answer is held until the end, or for N seconds; at most 60
         * @example wait=30
         */
        Prefer?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewBatch'];
      };
    };
    responses: {
      /** @description It has ended within the time of Prefer: wait */
      200: {
        headers: {
          /** @description Path of what was made, or of what this has become */
          Location: string;
          'Retry-After'?: string;
          /** @description It was there already */
          'Existing-Batch'?: 'idempotency-key';
          /** @description wait=N, when it was asked for */
          'Preference-Applied'?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Batch'];
        };
      };
      /** @description Accepted */
      202: {
        headers: {
          /** @description Path of what was made, or of what this has become */
          Location: string;
          'Retry-After'?: string;
          /** @description It was there already */
          'Existing-Batch'?: 'idempotency-key';
          /** @description wait=N, when it was asked for */
          'Preference-Applied'?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Batch'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getBatch: {
    parameters: {
      query?: {
        /** @description Names of members, separated by commas: the answer has only these of the resource (a page, of each item); members that are not named are absent, whatever the schema requires */
        fields?: string;
      };
      header?: {
        /** @description wait=N (RFC 7240): the answer is held until the task has ended, or for N seconds; at most 60 */
        Prefer?: string;
        /** @description An ETag; 304 when nothing has changed */
        'If-None-Match'?: string;
      };
      path: {
        /** @description Id of the batch */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The batch */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Batch'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  cancelBatch: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Makes repeating safe (draft-ietf-httpapi-idempotency-key-header): for 24 hours the same key at the same address with the same body gets the answer of the first request, with another body 422 `idempotency-key-reused`. 1 to 200 printable ASCII characters in quotes
         * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
         */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Id of the batch */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The batch as it is then */
      200: {
        headers: {
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Batch'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  uploadFile: {
    parameters: {
      query?: {
        /** @description File name of a body that is no form */
        name?: string;
      };
      header?: {
        /** @description Another way to say the file name */
        'Content-Disposition'?: string;
        /**
         * @description Makes repeating safe (draft-ietf-httpapi-idempotency-key-header): for 24 hours the same key at the same address with the same body gets the answer of the first request, with another body 422 `idempotency-key-reused`. 1 to 200 printable ASCII characters in quotes
         * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
         */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'multipart/form-data': {
          file: string;
        };
        '*/*': unknown;
      };
    };
    responses: {
      /** @description Stored */
      201: {
        headers: {
          /** @description Path of what was made, or of what this has become */
          Location: string;
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Upload'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getFile: {
    parameters: {
      query?: {
        /** @description Names of members, separated by commas: the answer has only these of the resource (a page, of each item); members that are not named are absent, whatever the schema requires */
        fields?: string;
      };
      header?: {
        /** @description An ETag; 304 when nothing has changed */
        'If-None-Match'?: string;
      };
      path: {
        /** @description Id of the file */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The upload */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Upload'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteFile: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the file */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Removed */
      204: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getFileContent: {
    parameters: {
      query?: never;
      header?: {
        /** @description One range of bytes */
        Range?: string;
        /** @description ETags; 304 when nothing has changed */
        'If-None-Match'?: string;
        /** @description An ETag; another one than the present gets the whole file, not the range */
        'If-Range'?: string;
      };
      path: {
        /** @description Id of the file */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The bytes */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag: string;
          'Content-Length': string;
          /** @description inline for images, JSON and plain text; attachment for all else */
          'Content-Disposition': string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          '*/*': unknown;
        };
      };
      /** @description The bytes of the range */
      206: {
        headers: {
          /** @description For If-None-Match */
          ETag: string;
          'Content-Length': string;
          /** @description inline for images, JSON and plain text; attachment for all else */
          'Content-Disposition': string;
          'Content-Range': string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          '*/*': unknown;
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getTaskFile: {
    parameters: {
      query?: never;
      header?: {
        /** @description One range of bytes */
        Range?: string;
        /** @description ETags; 304 when nothing has changed */
        'If-None-Match'?: string;
        /** @description An ETag; another one than the present gets the whole file, not the range */
        'If-Range'?: string;
      };
      path: {
        /** @description Id of the task */
        id: string;
        /** @description Name of the file */
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The bytes */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag: string;
          'Content-Length': string;
          /** @description inline for images, JSON and plain text; attachment for all else */
          'Content-Disposition': string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          '*/*': unknown;
        };
      };
      /** @description The bytes of the range */
      206: {
        headers: {
          /** @description For If-None-Match */
          ETag: string;
          'Content-Length': string;
          /** @description inline for images, JSON and plain text; attachment for all else */
          'Content-Disposition': string;
          'Content-Range': string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          '*/*': unknown;
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  watchTasks: {
    parameters: {
      query?: {
        /** @description Of this type only */
        type?:
          | 'system.echo'
          | 'feed.fetch'
          | 'feed.refresh'
          | 'http.fetch'
          | 'image.resize'
          | 's3.upload'
          | 'webhook.send';
      };
      header?: {
        /** @description The id of the last event that was seen: what changed since is sent first, as it is now */
        'Last-Event-ID'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Until the client leaves. Events are `task` (data: a TaskSummary), `batch` (a BatchSummary), `feed` ({id}) and `reset` ({}) */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example retry: 2000
           *
           *     event: task
           *     id: mwusb4a9-01a20def-d865-71ad-af8f-ee26cc1fe155
           *     data: {"id":"01a20def-d865-71ad-af8f-ee26cc1fe155","type":"image.resize","state":"running", …}
           */
          'text/event-stream': unknown;
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  watchTask: {
    parameters: {
      query?: never;
      header?: {
        /** @description The id of the last event that was seen: what changed since is sent first, as it is now */
        'Last-Event-ID'?: string;
      };
      path: {
        /** @description Id of the task */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Until the task has ended. Events are `task` (data: a TaskSummary), `batch` (a BatchSummary), `feed` ({id}) and `reset` ({}) */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example retry: 2000
           *
           *     event: task
           *     id: mwusb4a9-01a20def-d865-71ad-af8f-ee26cc1fe155
           *     data: {"id":"01a20def-d865-71ad-af8f-ee26cc1fe155","type":"image.resize","state":"running", …}
           */
          'text/event-stream': unknown;
        };
      };
      /** @description Its last event was seen; do not connect again */
      204: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  watchBatch: {
    parameters: {
      query?: never;
      header?: {
        /** @description The id of the last event that was seen: what changed since is sent first, as it is now */
        'Last-Event-ID'?: string;
      };
      path: {
        /** @description Id of the batch */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Until the batch is completed. Events are `task` (data: a TaskSummary), `batch` (a BatchSummary), `feed` ({id}) and `reset` ({}) */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example retry: 2000
           *
           *     event: task
           *     id: mwusb4a9-01a20def-d865-71ad-af8f-ee26cc1fe155
           *     data: {"id":"01a20def-d865-71ad-af8f-ee26cc1fe155","type":"image.resize","state":"running", …}
           */
          'text/event-stream': unknown;
        };
      };
      /** @description Its last event was seen; do not connect again */
      204: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listKeys: {
    parameters: {
      query?: {
        /** @description Of this owner */
        owner?: string;
        /** @description How many at most */
        limit?: number;
        /** @description From the `next` of the page before; opaque */
        cursor?: string;
        /** @description By the time of creation: the newest first, or the oldest */
        order?: 'desc' | 'asc';
        /** @description Names of members, separated by commas: the answer has only these of the resource (a page, of each item); members that are not named are absent, whatever the schema requires */
        fields?: string;
      };
      header?: {
        /** @description An ETag; 304 when nothing has changed */
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          /** @description The next page (RFC 8288) */
          Link?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['ApiKey'][];
            /** @description Path of the next page; null on the last one */
            next: string | null;
          };
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createKey: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewKey'];
      };
    };
    responses: {
      /** @description The key, shown this once */
      201: {
        headers: {
          /** @description Path of what was made, or of what this has become */
          Location: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreatedApiKey'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getKey: {
    parameters: {
      query?: {
        /** @description Names of members, separated by commas: the answer has only these of the resource (a page, of each item); members that are not named are absent, whatever the schema requires */
        fields?: string;
      };
      header?: {
        /** @description An ETag; 304 when nothing has changed */
        'If-None-Match'?: string;
      };
      path: {
        /** @description Id of the key */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiKey'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the key */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is revoked */
      204: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rotateKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the key */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['Rotation'];
      };
    };
    responses: {
      /** @description The key, shown this once */
      201: {
        headers: {
          /** @description Path of what was made, or of what this has become */
          Location: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreatedApiKey'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listWebhookSecrets: {
    parameters: {
      query?: {
        /** @description How many at most */
        limit?: number;
        /** @description From the `next` of the page before; opaque */
        cursor?: string;
        /** @description By the time of creation: the newest first, or the oldest */
        order?: 'desc' | 'asc';
        /** @description Names of members, separated by commas: the answer has only these of the resource (a page, of each item); members that are not named are absent, whatever the schema requires */
        fields?: string;
      };
      header?: {
        /** @description An ETag; 304 when nothing has changed */
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          /** @description The next page (RFC 8288) */
          Link?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['WebhookSecret'][];
            /** @description Path of the next page; null on the last one */
            next: string | null;
          };
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createWebhookSecret: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['NewWebhookSecret'];
      };
    };
    responses: {
      /** @description The secret, shown this once */
      201: {
        headers: {
          /** @description Path of what was made, or of what this has become */
          Location: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreatedWebhookSecret'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getWebhookSecret: {
    parameters: {
      query?: {
        /** @description Names of members, separated by commas: the answer has only these of the resource (a page, of each item); members that are not named are absent, whatever the schema requires */
        fields?: string;
      };
      header?: {
        /** @description An ETag; 304 when nothing has changed */
        'If-None-Match'?: string;
      };
      path: {
        /** @description Id of the secret */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookSecret'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteWebhookSecret: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the secret */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is deleted */
      204: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rotateWebhookSecret: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the secret */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['WebhookSecretRotation'];
      };
    };
    responses: {
      /** @description The secret, shown this once */
      201: {
        headers: {
          /** @description Path of what was made, or of what this has become */
          Location: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreatedWebhookSecret'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listWebhookDeliveries: {
    parameters: {
      query?: {
        /** @description In this state */
        state?: components['schemas']['WebhookDeliveryState'];
        /** @description Of this event */
        event?: 'task.succeeded' | 'task.failed' | 'task.cancelled' | 'batch.completed';
        /** @description Sent to exactly this URL */
        url?: string;
        /** @description About this task */
        task?: string;
        /** @description About this batch, or a task of it */
        batch?: string;
        /** @description How many at most */
        limit?: number;
        /** @description From the `next` of the page before; opaque */
        cursor?: string;
        /** @description By the time of creation: the newest first, or the oldest */
        order?: 'desc' | 'asc';
        /** @description Names of members, separated by commas: the answer has only these of the resource (a page, of each item); members that are not named are absent, whatever the schema requires */
        fields?: string;
      };
      header?: {
        /** @description An ETag; 304 when nothing has changed */
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          /** @description The next page (RFC 8288) */
          Link?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['WebhookDeliverySummary'][];
            /** @description Path of the next page; null on the last one */
            next: string | null;
          };
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getWebhookDelivery: {
    parameters: {
      query?: {
        /** @description Names of members, separated by commas: the answer has only these of the resource (a page, of each item); members that are not named are absent, whatever the schema requires */
        fields?: string;
      };
      header?: {
        /** @description An ETag; 304 when nothing has changed */
        'If-None-Match'?: string;
      };
      path: {
        /** @description Id of the delivery */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookDelivery'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  replayWebhookDelivery: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Makes repeating safe (draft-ietf-httpapi-idempotency-key-header): for 24 hours the same key at the same address with the same body gets the answer of the first request, with another body 422 `idempotency-key-reused`. 1 to 200 printable ASCII characters in quotes
         * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
         */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Id of the delivery */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is being sent */
      202: {
        headers: {
          /** @description Path of what was made, or of what this has become */
          Location: string;
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookDelivery'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listWebhookEndpoints: {
    parameters: {
      query?: {
        /** @description How many at most */
        limit?: number;
        /** @description From the `next` of the page before; opaque */
        cursor?: string;
        /** @description By the time of creation: the newest first, or the oldest */
        order?: 'desc' | 'asc';
        /** @description Names of members, separated by commas: the answer has only these of the resource (a page, of each item); members that are not named are absent, whatever the schema requires */
        fields?: string;
      };
      header?: {
        /** @description An ETag; 304 when nothing has changed */
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          /** @description The next page (RFC 8288) */
          Link?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['WebhookEndpoint'][];
            /** @description Path of the next page; null on the last one */
            next: string | null;
          };
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getWebhookEndpoint: {
    parameters: {
      query?: {
        /** @description Names of members, separated by commas: the answer has only these of the resource (a page, of each item); members that are not named are absent, whatever the schema requires */
        fields?: string;
      };
      header?: {
        /** @description An ETag; 304 when nothing has changed */
        'If-None-Match'?: string;
      };
      path: {
        /** @description Id of the endpoint */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookEndpoint'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  enableWebhookEndpoint: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Makes repeating safe (draft-ietf-httpapi-idempotency-key-header): for 24 hours the same key at the same address with the same body gets the answer of the first request, with another body 422 `idempotency-key-reused`. 1 to 200 printable ASCII characters in quotes
         * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
         */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Id of the endpoint */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is enabled */
      204: {
        headers: {
          /** @description It is the answer that the first request with the Idempotency-Key got */
          'Idempotent-Replayed'?: 'true';
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listWorkers: {
    parameters: {
      query?: {
        /** @description Names of members, separated by commas: the answer has only these of the resource (a page, of each item); members that are not named are absent, whatever the schema requires */
        fields?: string;
      };
      header?: {
        /** @description An ETag; 304 when nothing has changed */
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description By process type, the oldest first */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Worker'][];
          };
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getStats: {
    parameters: {
      query?: {
        /** @description The default is an hour before `to`; its step counts whole */
        from?: string;
        /** @description The default is now; its step counts whole */
        to?: string;
        /** @description Task type */
        type?:
          | 'system.echo'
          | 'feed.fetch'
          | 'feed.refresh'
          | 'http.fetch'
          | 'image.resize'
          | 's3.upload'
          | 'webhook.send';
        /** @description Length of the points; at most 600 are answered */
        step?: '1m' | '5m' | '1h';
        /** @description Names of members, separated by commas: the answer has only these of the resource (a page, of each item); members that are not named are absent, whatever the schema requires */
        fields?: string;
      };
      header?: {
        /** @description An ETag; 304 when nothing has changed */
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description By type and lane */
      200: {
        headers: {
          /** @description For If-None-Match */
          ETag?: string;
          'X-Request-Id': components['headers']['RequestId'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimitPolicy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Stats'];
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getHealth: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The process is alive */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @constant */
            alive: true;
          };
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getReadiness: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description They can */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            ready: boolean;
            checks: {
              database: boolean;
              /** @description Shown; false does not make it unready */
              broker: boolean;
            };
          };
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getOpenApi: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description This document */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            [key: string]: unknown;
          };
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getAsyncApi: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Exchanges, queues and messages, as AsyncAPI 3 */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            [key: string]: unknown;
          };
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getDocs: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description This document, to be read and tried */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'text/html': unknown;
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getProblems: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getErrors: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Every error, by its code */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId'];
          [name: string]: unknown;
        };
        content: {
          'text/html': unknown;
        };
      };
      /** @description A problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  onTask: {
    parameters: {
      query?: never;
      header: {
        /** @description The same whenever this event is sent: for the receiver to tell repeats */
        'webhook-id': string;
        /** @description Of this attempt, seconds since 1970 */
        'webhook-timestamp': string;
        /** @description `v1,` and base64, one for each valid secret, separated by spaces */
        'webhook-signature': string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['TaskWebhook'];
      };
    };
    responses: {
      /** @description Nothing is to be sent to this URL any more */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description It has arrived */
      '2XX': {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description It is tried again for about three days; Retry-After is obeyed */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  onBatch: {
    parameters: {
      query?: never;
      header: {
        /** @description The same whenever this event is sent: for the receiver to tell repeats */
        'webhook-id': string;
        /** @description Of this attempt, seconds since 1970 */
        'webhook-timestamp': string;
        /** @description `v1,` and base64, one for each valid secret, separated by spaces */
        'webhook-signature': string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['BatchWebhook'];
      };
    };
    responses: {
      /** @description Nothing is to be sent to this URL any more */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description It has arrived */
      '2XX': {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description It is tried again for about three days; Retry-After is obeyed */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
}
