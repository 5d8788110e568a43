"""Everything that can go wrong, in the words of the person it concerns.

MedusaError
├── BadLink                 no link that can be fetched
├── UnknownCommand
├── WrongArgument           of a command or a button
├── SourceError             the site or the media
│   ├── UnsupportedSite
│   ├── PrivateAddress
│   ├── ProtectedMedia
│   ├── LoginNeeded
│   ├── GeoBlocked
│   ├── SourceRefused
│   ├── NotStarted
│   ├── LiveStream
│   ├── SourceGone
│   ├── SourceUnreachable   (retryable)
│   ├── SourceIncomplete    (retryable)
│   ├── SourceChanged       (retryable)
│   ├── SourceEndless       more bytes than a job may take
│   ├── SourceSlow          longer than a job may last
│   ├── MediaUnreadable
│   ├── SubtitlesLost       there are some, but they cannot be had
│   ├── TooLarge
│   │   └── Uncuttable
│   └── IndexTooSmall       (retryable, with a larger reservation)
├── MediaChildDied          (retryable)
├── UploadError             Telegram and the bytes
│   ├── PartRefused
│   ├── StreamedTotalRefused
│   ├── PartsMissing        (retryable)
│   ├── StreamChanged       (retryable)
│   ├── AccountLost         (retryable)
│   └── TelegramUnreachable (retryable)
├── GaveUp                  a download that stops its worker each time
├── SlowedDown              (retryable, after `seconds`)
├── MessageGone             somebody deleted it
├── ChatUnavailable         a message cannot be delivered there
├── StoreUnavailable        (retryable)
├── SessionTaken            by another process
├── NotAllowed
│   ├── NotYours
│   └── OverLimit           more than this person may have
├── Maintenance             only admins are served for now
├── Cancelled
├── PremiumUnusable         the user session; for the owner
│   ├── NoPremium
│   ├── NoRelay
│   └── SessionLost
├── NotInstalled            another yt-dlp; for the owner
├── ReleaseBroken           a yt-dlp that does not work here; for the owner
├── NewerDatabase           than this program; for the deployer
├── BrokenBackup            for the deployer
└── SettingsError           a setting is wrong; for the deployer
"""

from medusa.errors.base import MedusaError as MedusaError
from medusa.errors.people import BadLink as BadLink
from medusa.errors.people import Cancelled as Cancelled
from medusa.errors.people import Maintenance as Maintenance
from medusa.errors.people import NotAllowed as NotAllowed
from medusa.errors.people import NotYours as NotYours
from medusa.errors.people import OverLimit as OverLimit
from medusa.errors.people import UnknownCommand as UnknownCommand
from medusa.errors.people import WrongArgument as WrongArgument
from medusa.errors.service import BrokenBackup as BrokenBackup
from medusa.errors.service import NewerDatabase as NewerDatabase
from medusa.errors.service import NoPremium as NoPremium
from medusa.errors.service import NoRelay as NoRelay
from medusa.errors.service import NotInstalled as NotInstalled
from medusa.errors.service import PremiumUnusable as PremiumUnusable
from medusa.errors.service import ReleaseBroken as ReleaseBroken
from medusa.errors.service import SessionLost as SessionLost
from medusa.errors.service import SessionTaken as SessionTaken
from medusa.errors.service import SettingsError as SettingsError
from medusa.errors.service import StoreUnavailable as StoreUnavailable
from medusa.errors.source import GaveUp as GaveUp
from medusa.errors.source import GeoBlocked as GeoBlocked
from medusa.errors.source import IndexTooSmall as IndexTooSmall
from medusa.errors.source import LiveStream as LiveStream
from medusa.errors.source import LoginNeeded as LoginNeeded
from medusa.errors.source import MediaChildDied as MediaChildDied
from medusa.errors.source import MediaUnreadable as MediaUnreadable
from medusa.errors.source import NotStarted as NotStarted
from medusa.errors.source import PrivateAddress as PrivateAddress
from medusa.errors.source import ProtectedMedia as ProtectedMedia
from medusa.errors.source import SourceChanged as SourceChanged
from medusa.errors.source import SourceEndless as SourceEndless
from medusa.errors.source import SourceError as SourceError
from medusa.errors.source import SourceGone as SourceGone
from medusa.errors.source import SourceIncomplete as SourceIncomplete
from medusa.errors.source import SourceRefused as SourceRefused
from medusa.errors.source import SourceSlow as SourceSlow
from medusa.errors.source import SourceUnreachable as SourceUnreachable
from medusa.errors.source import SubtitlesLost as SubtitlesLost
from medusa.errors.source import TooLarge as TooLarge
from medusa.errors.source import Uncuttable as Uncuttable
from medusa.errors.source import UnsupportedSite as UnsupportedSite
from medusa.errors.telegram import AccountLost as AccountLost
from medusa.errors.telegram import ChatUnavailable as ChatUnavailable
from medusa.errors.telegram import MessageGone as MessageGone
from medusa.errors.telegram import PartRefused as PartRefused
from medusa.errors.telegram import PartsMissing as PartsMissing
from medusa.errors.telegram import SlowedDown as SlowedDown
from medusa.errors.telegram import StreamChanged as StreamChanged
from medusa.errors.telegram import StreamedTotalRefused as StreamedTotalRefused
from medusa.errors.telegram import TelegramUnreachable as TelegramUnreachable
from medusa.errors.telegram import UploadError as UploadError
