# The tray's menu

caption-offline = Offline since { $time }
caption-refused = This computer is not connected to support
caption-being-set-up = Support for this computer is being set up
caption-waiting-for-approval = Support has yet to approve this computer
caption-call-support = Call { $phone }
caption-write-to-support = Write to { $email }

# When a click or `deskbell-agent open` came to nothing. Each says what happened and what to do.

failure-no-such-entry = The menu has no such entry any more.
failure-server-unreachable = The support portal cannot be reached at the moment.
failure-refused = The support portal does not know this computer any more.
failure-not-enrolled = This computer is not connected to the support portal yet.
failure-retired = This computer is no longer looked after through the support portal.
failure-too-many = That was opened too often. Please wait a minute.
failure-clipboard = The text could not be copied.
failure-browser = No web browser could be started.

support-phone-and-email = You can reach support at { $phone } or { $email }.
support-phone = You can reach support at { $phone }.
support-email = You can reach support at { $email }.

# Why the portal shows a page in place of the form

refusal-no_end_user = Nobody is assigned to this computer yet.
refusal-not_a_portal_user = The person assigned to this computer has no access to the portal.
refusal-deactivated = The portal access of the person assigned to this computer was deactivated.
refusal-not_permitted = Your account does not send requests from this computer.
refusal-portal_not_published = The portal is not open yet.
refusal-asset_retired = This computer is no longer looked after through the portal.

# A moment

moment = { $year }-{ $month }-{ $day } { $time }
