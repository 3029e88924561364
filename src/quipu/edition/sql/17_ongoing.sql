-- Nobody states a status, but money has been transferred: work is under way.
UPDATE staging.activities AS a SET status = '2' FROM staging.first_transfers f WHERE f.key = a.key AND a.status = '';
