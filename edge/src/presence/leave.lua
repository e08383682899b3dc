-- Removes an instance that shuts down, with its sessions and people (after prelude.lua).
-- Returns the event, or '' where the instance was not registered.
local code = remove(SELF)
if not code then return '' end
return publish({ code }, { SELF })
