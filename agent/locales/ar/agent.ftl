# Arabic. Not yet reviewed by a speaker. Phone numbers and addresses stand between marks that keep them left to right.

# The tray's menu

caption-offline = غير متصل منذ { $time }
caption-refused = هذا الحاسوب غير متصل بالدعم الفني
caption-being-set-up = يجري إعداد الدعم الفني لهذا الحاسوب
caption-waiting-for-approval = لم يوافق الدعم الفني على هذا الحاسوب بعد
caption-call-support = الاتصال بالرقم { "\u202A" }{ $phone }{ "\u202C" }
caption-write-to-support = الكتابة إلى { "\u202A" }{ $email }{ "\u202C" }

# When a click or `deskbell-agent open` came to nothing. Each says what happened and what to do.

failure-no-such-entry = لم يعد هذا البند موجودًا في القائمة.
failure-server-unreachable = تعذّر الوصول إلى بوابة الدعم الفني في الوقت الحالي.
failure-refused = لم تعد بوابة الدعم الفني تعرف هذا الحاسوب.
failure-not-enrolled = هذا الحاسوب غير متصل ببوابة الدعم الفني بعد.
failure-retired = لم تعد بوابة الدعم الفني تعتني بهذا الحاسوب.
failure-too-many = فُتح هذا مرات كثيرة. يُرجى الانتظار دقيقة.
failure-clipboard = تعذّر نسخ النص.
failure-browser = تعذّر تشغيل متصفح للويب.

support-phone-and-email = يمكنك الوصول إلى الدعم الفني على { "\u202A" }{ $phone }{ "\u202C" } أو { "\u202A" }{ $email }{ "\u202C" }.
support-phone = يمكنك الوصول إلى الدعم الفني على { "\u202A" }{ $phone }{ "\u202C" }.
support-email = يمكنك الوصول إلى الدعم الفني على { "\u202A" }{ $email }{ "\u202C" }.

# Why the portal shows a page in place of the form

refusal-no_end_user = لم يُخصَّص هذا الحاسوب لأحد بعد.
refusal-not_a_portal_user = ليس لدى الشخص المخصَّص له هذا الحاسوب إذن بدخول البوابة.
refusal-deactivated = أُوقف دخول الشخص المخصَّص له هذا الحاسوب إلى البوابة.
refusal-not_permitted = حسابك لا يرسل الطلبات من هذا الحاسوب.
refusal-portal_not_published = لم تُفتح البوابة بعد.
refusal-asset_retired = لم تعد البوابة تعتني بهذا الحاسوب.

# A moment

moment = { $day }/{ $month }/{ $year } { $time }
